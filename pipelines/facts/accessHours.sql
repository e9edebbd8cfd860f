-- Successful accesses of staff with a role for which the policy sets hours whose time of day and day of the week, in the
-- policy's zone, fall into none of them. Hours that end before they begin run into the next morning. What is open changes by
-- the minute, so that each minute of the log is looked at once for each set of roles.
WITH duty AS MATERIALIZED (
  SELECT packKey, roles, row_number() OVER ()::INTEGER AS number FROM (SELECT DISTINCT packKey, roles FROM hoursDuty)
),
period AS MATERIALIZED (
  SELECT h.deed, h."from", h.until, d.number FROM hoursDuty h JOIN duty d ON d.packKey = h.packKey AND d.roles = h.roles
),
"minute" AS (
  SELECT DISTINCT date_trunc('minute', "at") AS "minute" FROM accessRow SEMI JOIN period USING (deed)
),
placed AS (
  SELECT d.number, m."minute", d.packKey, d.roles, coalesce(p.timezone, 'UTC') AS zone, timezone(coalesce(p.timezone, 'UTC'), m."minute" AT TIME ZONE 'UTC') AS localTime
  FROM "minute" m CROSS JOIN duty d JOIN pack p ON p.packKey = d.packKey
),
dated AS (
  SELECT *, hour(localTime) * 60 + minute(localTime) AS minuteOfDay,
    ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][dayofweek(localTime) + 1] AS today,
    ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][dayofweek(localTime - INTERVAL 1 DAY) + 1] AS yesterday
  FROM placed
),
shut AS (
  SELECT d.number, d."minute", any_value(d.localTime) AS localTime, any_value(d.zone) AS zone, any_value(d.roles) AS roles
  FROM dated d JOIN packHours h ON h.packKey = d.packKey AND list_has_any(h.roles, d.roles)
  GROUP BY d.number, d."minute"
  HAVING NOT bool_or(CASE WHEN h.fromMinute < h.toMinute THEN list_contains(h.days, d.today) AND d.minuteOfDay >= h.fromMinute AND d.minuteOfDay < h.toMinute
    ELSE list_contains(h.days, d.today) AND d.minuteOfDay >= h.fromMinute OR list_contains(h.days, d.yesterday) AND d.minuteOfDay < h.toMinute END)
)
SELECT r.rowid::INTEGER AS access, s.localTime + (r."at" - s."minute") AS localTime, s.zone, s.roles
FROM accessRow r JOIN period p ON p.deed = r.deed AND p."from" <= r."at" AND r."at" < p.until
JOIN shut s ON s.number = p.number AND s."minute" = date_trunc('minute', r."at")
