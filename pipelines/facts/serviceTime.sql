-- How long it took where working time counts: the seconds of it from the start to what ended the wait, else to the
-- as-of; counted only where that is past the due time. spoken = the hours that count. No row: the clock counts.
WITH wait AS (
  SELECT 'first-response' AS type, contactId AS id, packKey, channel, queue, waitedFrom AS begun, within::VARCHAR AS target, answeredAt AS ended FROM firstResponse
  UNION ALL
  SELECT p.type, p.eventId, p.packKey, p.channel, p.queue, p.base, p.term::VARCHAR, k.doneAt
  FROM servicePromise p JOIN promiseKept k ON k.eventId = p.eventId
),
counted AS (
  SELECT w.* REPLACE (coalesce(w.ended, run."asOf") AS ended), d.calendar, d.spoken, d.due FROM wait w CROSS JOIN run
  JOIN workingDue d ON d.packKey = w.packKey AND d.channel IS NOT DISTINCT FROM w.channel AND d.queue IS NOT DISTINCT FROM w.queue AND d.begun = w.begun AND d.target = w.target
),
begun AS (
  SELECT c.*, coalesce(n.done + epoch_us(least(n.until, c.begun)) - epoch_us(n."from"), 0) AS doneAtStart
  FROM counted c ASOF LEFT JOIN workingSpan n ON n.calendar = c.calendar AND c.begun >= n."from"
  WHERE c.ended > c.due
),
ended AS (
  SELECT b.*, coalesce(n.done + epoch_us(least(n.until, b.ended)) - epoch_us(n."from"), 0) AS doneAtEnd
  FROM begun b ASOF LEFT JOIN workingSpan n ON n.calendar = b.calendar AND b.ended >= n."from"
)
SELECT type, id, due, spoken, (doneAtEnd - doneAtStart) // 1000000 AS workingSeconds
FROM ended
UNION ALL
SELECT type, id, due, spoken, NULL FROM counted WHERE ended <= due
