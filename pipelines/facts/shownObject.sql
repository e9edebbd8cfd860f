-- What storage shows: every object's current row. In a source of full lists, what the newest list left out is gone.
WITH newest AS (
  SELECT o.sourceId, max(o.recordedAt) AS listedAt
  FROM storedObject o JOIN source s ON s.id = o.sourceId WHERE s.mode = 'snapshot' GROUP BY o.sourceId
)
SELECT o.id, o.uri, o.versionId, o.seenAt, o.bytes, lower(o.sha256) AS sha256, o.encrypted, o.publiclyReadable, o.lockUntil, o.legalHold, o.sourceId
FROM storedObject o LEFT JOIN newest n ON n.sourceId = o.sourceId
WHERE n.listedAt IS NULL OR o.recordedAt = n.listedAt
