import type { Configuration } from "../pipeline/index.ts"
import { loadWaivers } from "../pipeline/index.ts"
import { loadPacks } from "../policy/index.ts"
import type { SourceSpec } from "../sources/index.ts"
import { formatInstant, instantOf } from "../time/index.ts"
import type { RunSettings } from "./settings.ts"

/**
 * What a run needs of a resolved configuration: packs and waivers read, as-of set.
 * @throws ConfigurationError for a policy or waivers file that cannot be used.
 */
export const settingsFrom = (configuration: Configuration, now: Date): RunSettings => {
  const waivers = configuration.waivers === undefined ? undefined : loadWaivers(configuration.waivers)
  const { report, s3 } = configuration
  return {
    pipeline: configuration.pipeline, file: configuration.file, sha256: configuration.sha256, baseFolder: configuration.baseFolder,
    ...(configuration.schedule === undefined ? {} : { schedule: configuration.schedule }),
    packs: loadPacks(configuration.policy), controlFolders: configuration.controls,
    sources: configuration.sources as unknown as ReadonlyArray<SourceSpec>,
    ...(Object.keys(s3).length === 0 ? {} : { s3 }),
    evidence: configuration.evidence,
    report: {
      out: report.out, formats: report.formats, failOn: report.failOn, failOnOpen: report.failOnOpen, failOnLeads: report.failOnLeads, identities: report.identities,
      ...(report.objectLock === undefined ? {} : { objectLock: report.objectLock }),
      ...(report.pseudonymKey === undefined ? {} : { pseudonymKey: report.pseudonymKey }), ...(report.idKey === undefined ? {} : { idKey: report.idKey })
    },
    signingKeys: configuration.signing.keys, makesKeys: configuration.signing.create === "missing", devices: { kms: configuration.signing.kms, pkcs11: configuration.signing.pkcs11 },
    ...(configuration.signing.timestamp === undefined ? {} : { timestamp: { url: configuration.signing.timestamp.url, certificates: [configuration.signing.timestamp.certificates ?? []].flat() } }),
    waivers: waivers?.waivers ?? [], ...(waivers === undefined ? {} : { waiversSha256: waivers.sha256 }),
    outOfScope: configuration.outOfScope,
    asOf: formatInstant(configuration.asOf === undefined ? BigInt(now.getTime()) * 1000n : instantOf(configuration.asOf)),
    ...(configuration.only === undefined ? {} : { only: configuration.only }), ...(configuration.skip === undefined ? {} : { skip: configuration.skip })
  }
}
