-- Recordings whose bytes the run itself read (verifyRecordings: bytes): their digest, or why they could not be read. The run puts
-- them into the table `readBack` before the facts are made; a case lists them in the variable `recordingBytes`.
WITH listed AS (
  SELECT unnest(from_json(coalesce(getvariable('recordingBytes')::VARCHAR, '[]')::JSON,
    '[{"recordingId": "VARCHAR", "sha256": "VARCHAR", "problem": "VARCHAR"}]')) AS r
)
SELECT recordingId, lower(sha256) AS sha256, problem FROM readBack
UNION ALL SELECT r.recordingId AS recordingId, lower(r.sha256) AS sha256, r.problem AS problem FROM listed
