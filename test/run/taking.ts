/** `node taking.ts URI ENDPOINT MIRROR`: takes over the number that is claimed under a prefix, as if its run had not been heard of. */
import { Publication } from "../../src/run/publish.ts"

const [uri = "", endpoint = "", mirror = ""] = process.argv.slice(2)
const taker = new Publication(uri, { endpoint, region: "us-east-1", forcePathStyle: true }, mirror, { lease: { renewMs: 1e6, deadMs: 0 }, now: () => new Date(), name: "taker" })
await taker.refresh()
taker.close()
