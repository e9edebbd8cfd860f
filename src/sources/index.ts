/** Where bytes live and how they become staged records. The only door of this room. */
export { isPattern, patternOf } from "./glob.ts"
export { type ReadingOptions, type ReadingProgress, type ReadingResult, readSources, type SourceListing } from "./readSources.ts"
export { type FolderEntry, type ObjectLock, S3Folder } from "./s3Folder.ts"
export type { ListedObject, ObjectReport, ObjectStatement, QuarantineEntry, S3Settings, SourceSpec, StagedFile, StagedKind } from "./source.ts"
export { StageFailure } from "./stage.ts"
export { type OpenObject, type Store, type StoreEntry, StoreFailure, type StoreReason } from "./store.ts"
export { isRemote, Stores, type StoreSettings } from "./stores.ts"
export { type StorageDetail, storageState, type StoredState } from "./storage-state.ts"
