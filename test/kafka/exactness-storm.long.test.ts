import { testExactness } from './exactness-tests.ts'

testExactness({ violentLives: 8, groups: { set: 120, read: 6 }, timeoutMs: 290_000 })
