import { createHmac, randomBytes } from "node:crypto"
import { expect, test } from "vitest"
import { hmac } from "../../src/attest/index.ts"

/** RFC 4231 §4: key, text and HMAC-SHA-256 in hex. */
const published: ReadonlyArray<readonly [Buffer, string, string]> = [
  [Buffer.alloc(20, 0x0b), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
  [Buffer.from("Jefe"), "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"],
  [Buffer.alloc(131, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"]
]

test("the published values come out", () => {
  for (const [key, text, expected] of published) expect(hmac(key, text).toString("hex")).toBe(expected)
})

test("any key and any bytes give what node:crypto gives", () => {
  for (const length of [0, 1, 31, 32, 63, 64, 65, 200]) {
    const key = randomBytes(length)
    for (const bytes of [Buffer.alloc(0), randomBytes(1), randomBytes(64), randomBytes(1000), randomBytes(5000)]) {
      expect(hmac(key, bytes)).toEqual(createHmac("sha256", key).update(bytes).digest())
    }
    expect(hmac(key, "ümlaut €")).toEqual(createHmac("sha256", key).update("ümlaut €").digest())
  }
})
