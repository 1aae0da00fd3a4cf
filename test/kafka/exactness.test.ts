import { testExactness } from './exactness-tests.ts'

testExactness({ violentLives: 2, groups: { set: 40, read: 4 }, timeoutMs: 150_000 })
