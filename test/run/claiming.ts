/** `node claiming.ts URI ENDPOINT MIRROR`: takes number 1 of a prefix and keeps it until it is killed or loses it, and says so. */
import { Publication } from "../../src/run/publish.ts"
import { shortLease } from "./publishing.ts"

const [uri = "", endpoint = "", mirror = ""] = process.argv.slice(2)
const publication = new Publication(uri, { endpoint, region: "us-east-1", forcePathStyle: true }, mirror, { lease: shortLease, now: () => new Date(), name: "holder" })
const staying = setInterval(() => undefined, 1000)
publication.lost.addEventListener("abort", () => {
  process.stdout.write("lost\n")
  clearInterval(staying)
  publication.close()
})
await publication.claim({ id: "0a0b0c0d", startedAt: new Date().toISOString(), pipeline: "nightly", asOf: "2026-06-01T00:00:00Z", sequence: 1 })
process.stdout.write("claimed\n")
