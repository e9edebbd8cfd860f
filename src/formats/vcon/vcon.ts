/**
 * vCon (draft-ietf-vcon-vcon-core): one conversation as contact, recordings, transcripts, consents
 * and events. Plain, signed and encrypted, in all version spellings from 0.0.1 to 0.4.0.
 */
import type { Format } from "../format.ts"

/** The vCon adapter. Options: `decryptionKeys` (PEM private keys), `trust` (PEM certificates). */
export const vcon: Format = {
  name: "vcon",
  version: 3,
  detects: ({ uri, text }) => {
    const start = text.trimStart()
    if (!start.startsWith("{") && !start.startsWith("[")) return false
    if (/\.vcon(\.json)?(\.gz)?$/i.test(uri)) return true
    const plain = /"parties"\s*:/.test(text) && /"(dialog|analysis|attachments)"\s*:/.test(text) && !/"kind"\s*:\s*"contact"/.test(text)
    const sealed = (/"payload"\s*:/.test(text) && /"signatures"\s*:/.test(text)) || (/"ciphertext"\s*:/.test(text) && /"(recipients|encrypted_key)"\s*:/.test(text))
    return plain || (sealed && !/"payloadType"\s*:/.test(text))
  },
  read: async function* (input) {
    // Telephone numbers need a large table: only who has vCons loads it.
    const { readVcon } = await import("./read.ts")
    yield* readVcon(input)
  }
}
