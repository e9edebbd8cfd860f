-- Recordings whose bytes the run itself read (verifyRecordings: bytes): their digest, or why they could not be read. The run sets
-- the variable `recordingBytes` to a JSON list before the facts are made; without it there are none.
WITH listed AS (
  SELECT unnest(from_json(coalesce(getvariable('recordingBytes')::VARCHAR, '[]')::JSON,
    '[{"recordingId": "VARCHAR", "sha256": "VARCHAR", "problem": "VARCHAR"}]')) AS r
)
SELECT r.recordingId AS recordingId, lower(r.sha256) AS sha256, r.problem AS problem FROM listed
