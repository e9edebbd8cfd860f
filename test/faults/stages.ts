/** `node stages.ts PIPELINE AS-OF`: an audit that prints each stage as it begins, so that it can be killed in each. */
import { audit } from "../../src/index.ts"

const [pipeline = "", asOf = ""] = process.argv.slice(2)
await audit({ pipeline, flags: { asOf }, observer: { stage: (name) => { process.stdout.write(`${name}\n`) } } })
