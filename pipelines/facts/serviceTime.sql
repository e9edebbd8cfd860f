-- What was waited for and how long it took, by the clock and in working time: the seconds from the start to what ended
-- the wait, else to the as-of. spoken = the hours that count; NULL = the clock counts.
WITH wait AS (
  SELECT 'first-response' AS type, contactId AS id, packKey, channel, queue, waitedFrom AS begun, within AS term, coalesce(answeredAt, run.asOf) AS ended
  FROM firstResponse CROSS JOIN run WHERE within IS NOT NULL
  UNION ALL
  SELECT p.type, p.eventId, p.packKey, p.channel, p.queue, p.base, p.term, coalesce(k.doneAt, run.asOf)
  FROM servicePromise p JOIN promiseKept k ON k.eventId = p.eventId CROSS JOIN run WHERE p.base IS NOT NULL
),
counted AS (
  SELECT w.*, d.calendar, d.spoken, d.due FROM wait w
  LEFT JOIN workingDue d ON d.packKey = w.packKey AND d.channel IS NOT DISTINCT FROM w.channel AND d.queue IS NOT DISTINCT FROM w.queue AND d.begun = w.begun AND d.target = w.term::VARCHAR
),
begun AS (
  SELECT c.*, coalesce(n.done + epoch_us(least(n.until, c.begun)) - epoch_us(n."from"), 0) AS doneAtStart
  FROM counted c ASOF LEFT JOIN workingSpan n ON n.calendar = c.calendar AND c.begun >= n."from"
),
ended AS (
  SELECT b.*, coalesce(n.done + epoch_us(least(n.until, b.ended)) - epoch_us(n."from"), 0) AS doneAtEnd
  FROM begun b ASOF LEFT JOIN workingSpan n ON n.calendar = b.calendar AND b.ended >= n."from"
)
SELECT type, id, begun, due, spoken, epoch(ended - begun)::BIGINT AS clockSeconds,
  CASE WHEN calendar IS NOT NULL THEN (doneAtEnd - doneAtStart) // 1000000 END AS workingSeconds
FROM ended
