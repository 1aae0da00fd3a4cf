import { transformEach } from 'isthmus'

/** Card numbers leave the cluster with their last four digits only; orders that were made to test the shop do not leave it at all. */
export default transformEach((record, properties) => {
  const order = record.value
  if (order === null || typeof order !== 'object' || !('card' in order)) return record
  if (order.customer === properties['test.customer']) return null
  return { ...record, value: { ...order, card: String(order.card).replace(/\d(?=\d{4})/g, '*') } }
})
