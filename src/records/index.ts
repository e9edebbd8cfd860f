/** The record kinds: schemas, types, validation. The only door of this room. */
export { instantFault, isInstant, storedInstant } from "./instant.ts"
export { eventTypes, isRecordKind, onlyKindOf, type RecordKind, recordKinds, type RecordSchema, recordSchemas } from "./kinds.ts"
export { matchedAliases, matchedOffset, matchRecord } from "./match.ts"
export { editDistance, nearest } from "./nearest.ts"
export { needsRewriting, storedForm, unstoredDigest, withAliases } from "./stored.ts"
export type * from "./types.ts"
export { fits, hadOffset, hadUnusualInstant, type Rejection, type Validated, validateRecord, whyNot } from "./validate.ts"
