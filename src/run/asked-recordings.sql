-- Recordings whose bytes the run reads, numbered in the order of object and version: those with a digest, an object and no deletion.
-- Of paths, only those below the pipeline's own folder.
CREATE OR REPLACE TABLE askedRecording AS
SELECT row_number() OVER (ORDER BY uri, versionId NULLS FIRST, id) AS place, id, uri, versionId
FROM recording
WHERE uri IS NOT NULL AND sha256 IS NOT NULL AND deletedAt IS NULL
  AND (starts_with(uri, 's3://') OR NOT regexp_matches(uri, '^[A-Za-z][A-Za-z0-9+.-]*:|^/|(^|/)\.\.(/|$)'))
