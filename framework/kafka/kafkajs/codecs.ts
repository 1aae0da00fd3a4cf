import kafkajs from 'kafkajs'
import { compress, decompress } from '../record-batch/codecs/index.ts'

const { CompressionCodecs, CompressionTypes } = kafkajs

/**
 * Teaches kafkajs the codecs it lacks: snappy, lz4 and zstd as Kafka's Java clients write and read them. For all its clients in this process,
 * so call it once before the first of them reads or sends; calling it again changes nothing.
 *
 * @example
 * registerCodecs()
 * await producer.send({ topic: 'orders', compression: CompressionTypes.LZ4, messages })
 */
export function registerCodecs(): void {
  Object.assign(CompressionCodecs, {
    [CompressionTypes.Snappy]: () => codecOf('snappy'),
    [CompressionTypes.LZ4]: () => codecOf('lz4'),
    [CompressionTypes.ZSTD]: () => codecOf('zstd'),
  })
}

/** As kafkajs calls them: with its encoder, whose bytes so far are `buffer`, and with the compressed bytes. */
const codecOf = (codec: 'snappy' | 'lz4' | 'zstd') => ({
  compress: async ({ buffer }: { readonly buffer: Buffer }): Promise<Buffer> => compress(codec, buffer),
  decompress: async (bytes: Buffer): Promise<Buffer> => decompress(codec, bytes),
})
