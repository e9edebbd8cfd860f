import { recordColumns } from "./columns.ts"
import type { EvidenceStore } from "./store.ts"
import { idOf } from "./versions.ts"

/** A reference that a control's row makes. */
export type Reference = { readonly kind: string; readonly id: string }

/** Where a record stands. */
export type Location = {
  readonly kind: string
  readonly id: string
  readonly source: string
  readonly object: string
  readonly versionId: string | null
  readonly line: number
  readonly pointer: string | null
  /** SHA-256 of the record's bytes, hex; publish it keyed only. */
  readonly digest: string
  /** SHA-256 of the object's bytes, hex. */
  readonly objectSha256: string | null
}

const key = (kind: string, id: string): string => `${kind}\0${id}`

/**
 * Finds the records that rows refer to, in the temp table `failed` (columns evidence and contrary).
 * A record in conflict has several places; what is no record has none.
 */
export const locate = async (store: EvidenceStore): Promise<(reference: Reference) => ReadonlyArray<Location>> => {
  await store.run(`CREATE OR REPLACE TABLE reference AS
    SELECT DISTINCT r.kind, r.id FROM (SELECT unnest(evidence) AS r FROM failed UNION ALL SELECT unnest(contrary) FROM failed)`)
  const kinds = (await store.all(`SELECT DISTINCT kind FROM reference`)).map((row) => String(row["kind"])).filter((kind) => recordColumns.has(kind))
  const found = new Map<string, Array<Location>>()
  for (const kind of kinds.sort()) {
    const rows = await store.all(`SELECT v.id, v.sourceId AS source, o.uri AS object, o.versionId, v.line, v.pointer, v.digest, o.sha256 AS objectSha256
      FROM "${kind}" v JOIN object o ON o.objectNumber = v.objectNumber
      WHERE v.id IN (SELECT id FROM reference WHERE kind = '${kind}')
      UNION ALL ${conflicting(kind)}
      ORDER BY ALL`)
    for (const row of rows) {
      const location = { ...row, kind, line: Number(row["line"]) } as unknown as Location
      const known = found.get(key(kind, location.id))
      if (known === undefined) found.set(key(kind, location.id), [location])
      else known.push(location)
    }
  }
  return (reference) => found.get(key(reference.kind, reference.id)) ?? []
}

const conflicting = (kind: string): string => `SELECT s.id, o.source, o.uri, o.versionId, s.line, s.pointer, s.digest, o.sha256
    FROM (SELECT ${idOf(kind)} AS id, objectNumber, line, pointer, digest, rowid AS "row" FROM "stored_${kind}") s
    JOIN object o ON o.objectNumber = s.objectNumber JOIN excluded x ON x.kind = '${kind}' AND x."row" = s."row"
    WHERE x."class" = 'conflicting' AND s.id IN (SELECT id FROM reference WHERE kind = '${kind}')`
