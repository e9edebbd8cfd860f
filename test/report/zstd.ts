import { zstdDecompressSync } from "node:zlib"

/** What hyparquet needs to read zstd pages. */
export const compressors = { ZSTD: (input: Uint8Array): Uint8Array => new Uint8Array(zstdDecompressSync(input)) }
