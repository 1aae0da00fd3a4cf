import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { ConnectError, type SinkPartition } from 'isthmus'

export interface Order {
  /** Of its record. */
  readonly offset: number
  readonly number: number
  readonly customer: string
}

/** Who owns a partition, and where it goes on. */
export interface Position {
  readonly epoch: number
  /** Of the next record. */
  readonly offset: number
}

/** How long a transaction of another process is waited for. */
const BUSY_MS = 5_000

/**
 * Orders, and how far each partition has got, in one database: one transaction writes both, so neither is ever there without the other.
 * The orders have no key that would hide one that comes twice. WAL and `synchronous = NORMAL`: a machine that dies may take the last
 * transactions with it, but then rows and offsets both, and those records are read again.
 */
export class OrdersDatabase {
  readonly #database: DatabaseSync
  readonly #own: StatementSync
  readonly #find: StatementSync
  readonly #advance: StatementSync
  readonly #insert: StatementSync

  constructor(path: string) {
    this.#database = new DatabaseSync(path, { timeout: BUSY_MS })
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS orders (number INTEGER NOT NULL, customer TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS positions (
        topic TEXT NOT NULL, partition INTEGER NOT NULL, epoch INTEGER NOT NULL, offset INTEGER NOT NULL, PRIMARY KEY (topic, partition)
      );
    `)
    this.#own = this.#database.prepare(`
      INSERT INTO positions VALUES (?, ?, 1, 0) ON CONFLICT DO UPDATE SET epoch = epoch + 1 RETURNING epoch, offset`)
    this.#find = this.#database.prepare('SELECT epoch, offset FROM positions WHERE topic = ? AND partition = ?')
    this.#advance = this.#database.prepare('UPDATE positions SET offset = ? WHERE topic = ? AND partition = ?')
    this.#insert = this.#database.prepare('INSERT INTO orders VALUES (?, ?)')
  }

  /** Makes the caller the only one who may write orders of the partition: its earlier owner, should it still be at work, no longer can. */
  own({ topic, partition }: SinkPartition): Position {
    return this.#own.get(topic, partition) as unknown as Position
  }

  /**
   * Writes orders whose records end before `nextOffset`; those that are written already are passed over.
   * @throws ConnectError FENCED, of kind `partition`, when another has become the owner; retriable when the database is locked for long
   */
  write({ topic, partition }: SinkPartition, epoch: number, orders: readonly Order[], nextOffset: number): void {
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      const position = this.#find.get(topic, partition) as unknown as Position | undefined
      if (position?.epoch !== epoch) throw fenced(topic, partition)
      for (const { offset, number, customer } of orders) if (offset >= position.offset) this.#insert.run(number, customer)
      this.#advance.run(Math.max(nextOffset, position.offset), topic, partition)
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw isBusy(error) ? locked(error) : error
    }
  }

  close(): void {
    this.#database.close()
  }
}

const SQLITE_BUSY = 5

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}

function locked(cause: unknown): ConnectError {
  return new ConnectError('DATABASE_LOCKED', `the database has been locked for ${BUSY_MS} ms`, {
    kind: 'retriable',
    stage: 'deliver',
    cause,
  })
}

function fenced(topic: string, partition: number): ConnectError {
  const message = `another task has taken over ${topic}-${partition} meanwhile; nothing was written`
  return new ConnectError('FENCED', message, { kind: 'partition', stage: 'deliver' })
}
