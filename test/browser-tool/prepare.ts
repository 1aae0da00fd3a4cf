import { CHROMIUM_MISSING, installChromium } from './chromium.ts'

// Before tests, whose time is limited. Without a browser they are skipped, and say so themselves.
console.log((await installChromium(line => console.log(line))) ?? CHROMIUM_MISSING)
