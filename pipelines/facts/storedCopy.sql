-- Objects of recordings as storage shows them, matched by name and, where both state one, by version.
SELECT c.recordingId, c.contactId, c.copied, c.sha256 AS statedSha256, c.versionId AS statedVersion, o.id AS objectId, o.uri, o.versionId, o.sha256, o.seenAt, o.legalHold, o.lockUntil
FROM recordingCopy c JOIN shownObject o ON o.uri = c.uri
WHERE c.versionId IS NULL OR o.versionId IS NULL OR c.versionId = o.versionId
