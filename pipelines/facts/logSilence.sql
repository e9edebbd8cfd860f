-- Times in which a log said nothing for longer than it may: maxSilence, or else its own rhythm (three times the 99th
-- percentile between two arrivals, at least an hour; domain/access-auditing.md R41). With maxSilence the time since the last
-- record counts too. Days outside the calendar do not count, nor what a statement of coverage or an empty digest covers.
WITH step AS (
  SELECT source, "at" AS "from", lead("at") OVER (PARTITION BY source ORDER BY "at") AS until FROM (SELECT DISTINCT source, "at" FROM logArrival)
),
rhythm AS (
  SELECT source, to_microseconds(greatest(3 * quantile_disc(epoch_us(until) - epoch_us("from"), 0.99), 3600000000)::BIGINT) AS usual FROM step WHERE until IS NOT NULL GROUP BY source
),
limited AS (
  SELECT t.source, t."from", coalesce(t.until, run."asOf") AS until, coalesce(s.maxSilence, r.usual) AS allowed, s.maxSilence IS NOT NULL AS stated, s.calendar, t.until IS NULL AS "open"
  FROM step t CROSS JOIN run JOIN source s ON s.id = t.source LEFT JOIN rhythm r ON r.source = t.source
  WHERE t.until IS NOT NULL OR s.maxSilence IS NOT NULL
),
quiet AS (
  SELECT * FROM limited WHERE "from" + allowed < until
),
excused AS (
  SELECT q.source, q."from" AS began, greatest(c."from", q."from") AS "from", least(c."to", q.until) AS until
  FROM quiet q JOIN coverage c ON c.source = q.source AND c."from" < q.until AND c."to" > q."from"
  WHERE c.queues IS NULL AND c.sites IS NULL AND list_has_any(c.kinds, ['access', 'event', 'contact', 'recording', 'consent', 'decision', 'storedObject'])
  UNION ALL
  SELECT q.source, q."from", greatest(l."from", q."from"), least(l.until, q.until)
  FROM quiet q JOIN logStatement l ON l.source = q.source AND l.state = 'valid' AND l."from" < q.until AND l.until > q."from"
  UNION ALL
  SELECT q.source, q."from", greatest(d.day, q."from"), least(d.day + INTERVAL 1 DAY, q.until)
  FROM quiet q, unnest(generate_series(date_trunc('day', q."from"), q.until, INTERVAL 1 DAY)) AS d(day)
  WHERE q.calendar IS NOT NULL AND NOT list_contains(q.calendar, ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][extract(dow FROM d.day) + 1])
),
-- What is left of a silence between what excuses it; the pieces count together, as the calendar and statements only skip time.
ends AS (
  SELECT *, max(until) OVER (PARTITION BY source, began ORDER BY "from", until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached FROM excused
),
skipped AS (
  SELECT source, began, sum(greatest(epoch_us(until) - epoch_us(greatest("from", coalesce(reached, "from"))), 0))::BIGINT AS total
  FROM ends GROUP BY source, began
)
SELECT q.source, q."from", q.until, q.allowed, q.stated, q."open", to_microseconds(epoch_us(q.until) - epoch_us(q."from") - coalesce(k.total, 0)) AS silent
FROM quiet q LEFT JOIN skipped k ON k.source = q.source AND k.began = q."from"
WHERE q."from" + q.allowed + to_microseconds(coalesce(k.total, 0)) < q.until
