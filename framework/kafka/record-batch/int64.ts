const TWO_32 = 0x1_0000_0000

/** Reads an int64 as a number: exact within the safe integers. */
export function readInt64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * TWO_32 + bytes.readUInt32BE(at + 4)
}

/** Writes an integer as an int64: exact within the safe integers, wrapped beyond 64 bits. */
export function writeInt64(bytes: Buffer, value: number, at: number): void {
  bytes.writeInt32BE(Math.floor(value / TWO_32) | 0, at)
  bytes.writeUInt32BE(value >>> 0, at + 4)
}
