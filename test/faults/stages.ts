/** `node stages.ts PIPELINE AS-OF STAGE`: an audit that is killed as the stage begins, by itself: from outside it might be over already. */
import { audit } from "../../src/index.ts"

const [pipeline = "", asOf = "", last = ""] = process.argv.slice(2)
await audit({ pipeline, flags: { asOf }, observer: { stage: (name) => { if (name === last) process.kill(process.pid, "SIGKILL") } } })
