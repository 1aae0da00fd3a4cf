import type { HistogramValue } from '../../api/index.ts'
import type { LatencyHistogram } from '../../telemetry/metrics/index.ts'

const FINE = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 65_536]
const COARSE = [1, 4, 16, 64, 256, 1024, 4096, 16_384]

/** In seconds. */
export const histogramOf = histogramBy(FINE)

/** As `histogramOf`, in half as many series. */
export const coarseHistogramOf = histogramBy(COARSE)

function histogramBy(boundsMs: readonly number[]): (latency: LatencyHistogram) => HistogramValue {
  const bounds = boundsMs.map(ms => ms / 1000)
  return latency => ({ count: latency.count, sum: latency.sumMs / 1000, bounds, cumulative: latency.cumulative(boundsMs) })
}
