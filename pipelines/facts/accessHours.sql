-- Successful accesses of staff with a role for which the policy sets hours, and whether the time of day and the day of the
-- week, in the policy's zone, fall into them. Hours that end before they begin run into the next morning.
WITH hours AS (
  SELECT h.packKey, r.role, h.days, h.fromMinute, h.toMinute FROM packHours h, unnest(h.roles) AS r(role)
),
timed AS (
  SELECT a.accessId, h.role, h.days, h.fromMinute, h.toMinute, coalesce(p.timezone, 'UTC') AS zone,
    timezone(coalesce(p.timezone, 'UTC'), a."at" AT TIME ZONE 'UTC') AS localTime
  FROM accessAct a
  JOIN staffRole r ON r.staff = a.staff AND r."from" <= a."at" AND (r.until IS NULL OR a."at" < r.until)
  JOIN hours h ON h.packKey = a.packKey AND h.role = r.role
  JOIN pack p ON p.packKey = a.packKey
  WHERE a.outcome = 'success'
),
placed AS (
  SELECT *, hour(localTime) * 60 + minute(localTime) AS minuteOfDay,
    ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][dayofweek(localTime) + 1] AS today,
    ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][dayofweek(localTime - INTERVAL 1 DAY) + 1] AS yesterday
  FROM timed
)
SELECT accessId, min(localTime) AS localTime, min(zone) AS zone, list_sort(list(DISTINCT role)) AS roles,
  bool_or(CASE WHEN fromMinute < toMinute THEN list_contains(days, today) AND minuteOfDay >= fromMinute AND minuteOfDay < toMinute
    ELSE list_contains(days, today) AND minuteOfDay >= fromMinute OR list_contains(days, yesterday) AND minuteOfDay < toMinute END) AS inside
FROM placed GROUP BY accessId
