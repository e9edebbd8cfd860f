-- The spans of working time of each calendar, in UTC, without overlaps, from before the first start to after the as-of:
-- day = how many working days lie before it, done = microseconds of working time before it. A span belongs to the
-- local day on which it begins, past midnight too; none begins on a holiday. The zone's own rules turn local times
-- into UTC, so that a night on which the clocks change has the hours that it has.
WITH calendar AS (SELECT DISTINCT calendar, packKey, zone, unnest(ordinals) AS ordinal FROM workingCalendar),
reach AS (SELECT min(base) - INTERVAL 3 DAY AS "from", max(run."asOf") + INTERVAL 3 DAY AS until FROM workingBase CROSS JOIN run),
hours AS (
  SELECT c.calendar, c.packKey, c.zone, h.days, h.fromMinute, h.toMinute
  FROM calendar c JOIN packServiceHours h ON h.packKey = c.packKey AND h.ordinal = c.ordinal
),
opening AS (
  SELECT h.calendar, d.date::DATE AS date,
    timezone(h.zone, d.date + to_minutes(h.fromMinute)) AT TIME ZONE 'UTC' AS opens,
    timezone(h.zone, d.date + to_minutes(CASE WHEN h.toMinute > h.fromMinute THEN h.toMinute ELSE h.toMinute + 1440 END)) AT TIME ZONE 'UTC' AS closes
  FROM hours h
  JOIN (SELECT unnest(generate_series(date_trunc('day', "from"), until, INTERVAL 1 DAY)) AS date FROM reach) d
    ON list_contains(h.days, ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][dayofweek(d.date) + 1])
  ANTI JOIN packHoliday y ON y.packKey = h.packKey AND y.day = strftime(d.date, '%Y-%m-%d')
),
apart AS (
  -- What an earlier entry has opened already is not opened again.
  SELECT calendar, date, closes AS until,
    greatest(opens, max(closes) OVER (PARTITION BY calendar ORDER BY opens, closes ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS "from"
  FROM opening
)
SELECT calendar, date, "from", until,
  dense_rank() OVER (PARTITION BY calendar ORDER BY date) AS day,
  coalesce(sum(epoch_us(until) - epoch_us("from")) OVER (PARTITION BY calendar ORDER BY "from" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::BIGINT AS done
FROM apart WHERE "from" < until
