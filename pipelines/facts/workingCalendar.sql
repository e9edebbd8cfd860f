-- Which entries of a pack's service hours apply to a channel and queue; the same entries are one calendar.
-- A channel and queue without an entry have no row: there the clock counts.
WITH place AS (SELECT DISTINCT packKey, channel, queue FROM workingBase),
entry AS (
  SELECT p.packKey, p.channel, p.queue, list(h.ordinal ORDER BY h.ordinal) AS ordinals,
    string_agg(array_to_string(h.days, ' ') || printf(' %02d:%02d to %02d:%02d', h.fromMinute // 60, h.fromMinute % 60, h.toMinute // 60, h.toMinute % 60), ', ' ORDER BY h.ordinal) AS hours
  FROM place p JOIN packServiceHours h ON h.packKey = p.packKey
  WHERE (h.channels IS NULL OR list_contains(h.channels, p.channel)) AND (h.queues IS NULL OR list_contains(h.queues, p.queue))
  GROUP BY p.packKey, p.channel, p.queue
)
SELECT e.*, coalesce(k.timezone, 'UTC') AS zone, e.hours || ' ' || coalesce(k.timezone, 'UTC') AS spoken,
  dense_rank() OVER (ORDER BY e.packKey, e.ordinals) AS calendar
FROM entry e JOIN pack k ON k.packKey = e.packKey
