-- The intervals in which a recording was capturing: its span without its pauses.
WITH pause AS (
  SELECT s.recordingId, s."from" AS began, s.until AS ended, p.interval.startedAt AS "from", p.interval.endedAt AS until
  FROM recordingSpan s, unnest(s.pauses) AS p(interval)
  WHERE p.interval.startedAt < p.interval.endedAt
),
gap AS (
  SELECT recordingId, "from" AS until, ended,
    greatest(began, coalesce(max(until) OVER (PARTITION BY recordingId ORDER BY "from", until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), began)) AS "from"
  FROM pause
),
piece AS (
  SELECT recordingId, "from", least(until, ended) AS until FROM gap
  UNION ALL
  SELECT recordingId, greatest(min(began), max(until)), min(ended) FROM pause GROUP BY recordingId
  UNION ALL
  SELECT recordingId, "from", until FROM recordingSpan ANTI JOIN pause USING (recordingId)
)
SELECT p.recordingId, s.contactId, s.medium, p."from", p.until
FROM piece p JOIN recordingSpan s USING (recordingId)
WHERE p."from" < p.until
