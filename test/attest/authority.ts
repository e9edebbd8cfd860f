import { execFile } from "node:child_process"
import { X509Certificate } from "node:crypto"
import { readFile, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { promisify } from "node:util"
import { freshFolder } from "./sampleReport.ts"

const execute = promisify(execFile)

const configuration = `
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[tsa]
basicConstraints = CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[authority]
serial = serial
crypto_device = builtin
signer_cert = tsa.crt
certs = ca.crt
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ordering = yes
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`

/** A real time-stamping authority made of openssl behind HTTP; `root` vouches for it. */
export const makeAuthority = async (kind: "rsa" | "ec") => {
  const dir = await freshFolder()
  await writeFile(join(dir, "openssl.cnf"), configuration)
  await writeFile(join(dir, "serial"), "01\n")
  const openssl = (...args: ReadonlyArray<string>) => execute("openssl", [...args], { cwd: dir })
  const algorithm = kind === "rsa" ? ["-newkey", "rsa:2048"] : ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
  const certify = ["req", "-x509", "-config", "openssl.cnf", "-nodes", "-days", "3650", ...algorithm]
  await openssl(...certify, "-subj", "/CN=Root", "-extensions", "ca", "-keyout", "ca.key", "-out", "ca.crt")
  await openssl(...certify, "-subj", "/CN=Time", "-extensions", "tsa", "-CA", "ca.crt", "-CAkey", "ca.key", "-keyout", "tsa.key", "-out", "tsa.crt")
  const answer = async (query: Buffer): Promise<Buffer> => {
    await writeFile(join(dir, "query.tsq"), query)
    await openssl("ts", "-reply", "-config", "openssl.cnf", "-section", "authority", "-queryfile", "query.tsq", "-out", "reply.tsr")
    return readFile(join(dir, "reply.tsr"))
  }
  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => void answer(Buffer.concat(chunks)).then((reply) => response.end(reply), () => { response.statusCode = 500; response.end() }))
  })
  await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve) })
  const root = new X509Certificate(await readFile(join(dir, "ca.crt")))
  return { dir, openssl, server, root, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}
