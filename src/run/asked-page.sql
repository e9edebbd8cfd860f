-- Recordings to read, from one place to another, each with what is known of its object's bytes.
WITH asked AS (FROM askedRecording WHERE place > ?::BIGINT AND place <= ?::BIGINT),
before AS (
  SELECT uri, versionId, list({etag: etag, bytes: bytes::DOUBLE, sha256: sha256}) AS known
  FROM stored.knownBytes WHERE uri IN (SELECT uri FROM asked) GROUP BY ALL
)
SELECT a.id, a.uri, a.versionId, b.known AS before
FROM asked a LEFT JOIN before b ON b.uri = a.uri AND b.versionId = coalesce(a.versionId, '')
ORDER BY a.place
