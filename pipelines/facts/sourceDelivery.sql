-- What each source delivered: its objects, source records, and its newest record. With a calendar the time that falls on
-- other days does not count: `staleAt` is the newest record plus freshWithin plus such days (UTC) until as-of.
WITH counted AS (
  SELECT source, count(*) FILTER (NOT coalesce(gone, false)) AS objects, count(*) FILTER (unreadable IS NOT NULL) AS unreadable, sum(read)::BIGINT AS read, sum(rejected)::BIGINT AS rejected,
    list_sort(list(uri) FILTER (unreadable IS NOT NULL)) AS unreadableUris
  FROM object GROUP BY source
),
day AS (
  SELECT s.id, d.day, n.newest FROM source s JOIN sourceNewest n ON n.source = s.id CROSS JOIN run,
    unnest(generate_series(date_trunc('day', n.newest), run."asOf", INTERVAL 1 DAY)) AS d(day)
  WHERE s.calendar IS NOT NULL AND s.freshWithin IS NOT NULL
    AND NOT list_contains(s.calendar, ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][extract(dow FROM d.day) + 1])
),
off AS (
  SELECT id, to_microseconds(sum(epoch_us(least(day + INTERVAL 1 DAY, run."asOf")) - epoch_us(greatest(day, newest)))::BIGINT) AS skipped
  FROM day CROSS JOIN run GROUP BY id
)
SELECT s.id, s.freshWithin, s.minObjects, coalesce(s.allowRejected, 0) AS allowRejected, coalesce(s.allowUnreadableObjects, 0) AS allowUnreadable, s.calendar,
  coalesce(c.objects, 0) AS objects, coalesce(c.unreadable, 0) AS unreadable, coalesce(c.read, 0) AS read, coalesce(c.rejected, 0) AS rejected, c.unreadableUris,
  coalesce(n.records, 0) AS records, n.newest, n.newest + s.freshWithin + coalesce(o.skipped, INTERVAL 0 SECOND) AS staleAt
FROM source s LEFT JOIN counted c ON c.source = s.id LEFT JOIN sourceNewest n ON n.source = s.id LEFT JOIN off o ON o.id = s.id
