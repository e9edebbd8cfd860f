-- The intervals in which a recording was capturing: its span without its pauses.
WITH span AS (
  SELECT rowid AS recordingNumber, recordingId, contactId, medium, "from", until,
    list_filter(pauses, lambda p: p.startedAt < p.endedAt) AS pauses
  FROM recordingSpan
),
pause AS (
  SELECT recordingNumber, recordingId, contactId, medium, "from" AS began, until AS ended, pauses.startedAt AS "from", pauses.endedAt AS until
  FROM (SELECT * REPLACE (unnest(pauses) AS pauses) FROM span WHERE len(pauses) > 0)
),
gap AS (
  SELECT recordingNumber, recordingId, contactId, medium, least("from", ended) AS until,
    greatest(began, coalesce(max(until) OVER (PARTITION BY recordingNumber ORDER BY "from", until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), began)) AS "from"
  FROM pause
),
piece AS (
  SELECT recordingNumber, recordingId, contactId, medium, "from", until FROM gap
  UNION ALL
  SELECT recordingNumber, recordingId, contactId, medium, greatest(began, max(until)), ended FROM pause
  GROUP BY recordingNumber, recordingId, contactId, medium, began, ended
  UNION ALL
  SELECT recordingNumber, recordingId, contactId, medium, "from", until FROM span WHERE pauses IS NULL OR len(pauses) = 0
)
FROM piece WHERE "from" < until
