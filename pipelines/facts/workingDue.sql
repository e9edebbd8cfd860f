-- When a target is due that counts working time: days first (the same time of day on the so-manieth working day after,
-- within that day's hours), then the rest by the open hours. A start outside working time counts from the next
-- opening. Infinity = after all that the run can see. done = working time before the start, in microseconds.
WITH started AS (
  SELECT b.*, c.calendar, c.zone, c.spoken FROM workingBase b
  JOIN workingCalendar c ON c.packKey = b.packKey AND c.channel IS NOT DISTINCT FROM b.channel AND c.queue IS NOT DISTINCT FROM b.queue
),
opened AS (
  SELECT s.*, greatest(s.base, n."from") AS opensAt, n.day, n.date
  FROM started s ASOF LEFT JOIN workingSpan n ON n.calendar = s.calendar AND s.base < n.until
  WHERE s.days > 0
),
workingDay AS (
  SELECT calendar, day, min(date) AS date, min("from") AS opens, max(until) AS closes FROM workingSpan GROUP BY calendar, day
),
dated AS (
  SELECT s.*, s.base AS dayDue FROM started s WHERE s.days = 0
  UNION ALL
  SELECT o.* EXCLUDE (opensAt, day, date),
    CASE WHEN d.day IS NOT NULL THEN greatest(d.opens, least(d.closes,
           timezone(o.zone, d.date + (timezone(o.zone, o.opensAt AT TIME ZONE 'UTC') - o.date::TIMESTAMP)) AT TIME ZONE 'UTC'))
    END AS dayDue
  FROM opened o LEFT JOIN workingDay d ON d.calendar = o.calendar AND d.day = o.day + o.days
),
placed AS (
  SELECT d.*, coalesce(n.done + epoch_us(least(n.until, d.dayDue)) - epoch_us(n."from"), 0) AS dayDone
  FROM dated d ASOF LEFT JOIN workingSpan n ON n.calendar = d.calendar AND d.dayDue >= n."from"
),
reached AS (
  SELECT p.*, n."from" + to_microseconds(p.dayDone + p.micros - n.done) AS hourDue, n.until AS hourEnd
  FROM placed p ASOF LEFT JOIN workingSpan n ON n.calendar = p.calendar AND p.dayDone + p.micros > n.done
)
SELECT packKey, channel, queue, begun, target, calendar, spoken,
  CASE WHEN dayDue IS NULL THEN TIMESTAMP 'infinity'
       WHEN micros = 0 THEN dayDue
       WHEN hourDue <= hourEnd THEN hourDue
       ELSE TIMESTAMP 'infinity' END AS due
FROM reached
