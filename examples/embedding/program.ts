import { type Connect, createInjector, LOGGER, type Logger, openConnect } from 'isthmus'
import { container } from 'tsyringe'
import { INBOX, type Inbox } from './inbox.ts'
import { InboxConnector } from './inbox-connector.ts'

/** Runs a connector in this program. What its container provides is what the connector gets. */
export async function openOrders(inbox: Inbox, logger: Logger, bootstrapServers: string, folder: string): Promise<Connect> {
  const own = container.createChildContainer()
  own.register(INBOX, { useValue: inbox })
  own.register(LOGGER, { useValue: logger })
  const worker = {
    'bootstrap.servers': bootstrapServers,
    'key.converter': 'StringConverter',
    'value.converter': 'JsonConverter',
    'value.converter.schemas.enable': 'false',
    'offset.storage.file.filename': `${folder}/offsets.json`,
  }
  const connect = await openConnect({ worker, injector: createInjector(own), logger })
  await connect.start({ name: 'orders', topic: 'orders' }, InboxConnector)
  return connect
}
