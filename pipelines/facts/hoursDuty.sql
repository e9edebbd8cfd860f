-- For what staff did (accessDeed): the periods in which a role of theirs has hours set by the policy, with those roles.
WITH hours AS (
  SELECT DISTINCT h.packKey, r.role FROM packHours h, unnest(h.roles) AS r(role)
),
held AS MATERIALIZED (
  SELECT d.rowid::INTEGER AS deed, d.packKey, r.role, greatest(r."from", d."from") AS "from", least(coalesce(r.until, 'infinity'::TIMESTAMP), d.until) AS until
  FROM accessDeed d JOIN staffRole r ON r.staff = d.staff JOIN hours h ON h.packKey = d.packKey AND h.role = r.role
  WHERE d.outcome = 'success' AND r."from" <= d.lastAt AND (r.until IS NULL OR r.until > d.firstAt)
),
edge AS (
  SELECT deed, "from" AS "at" FROM held
  UNION
  SELECT deed, until FROM held
),
piece AS (
  SELECT deed, "at" AS "from", lead("at") OVER (PARTITION BY deed ORDER BY "at") AS until FROM edge
)
SELECT p.deed, h.packKey, p."from", p.until, list_sort(list(DISTINCT h.role)) AS roles
FROM piece p JOIN held h ON h.deed = p.deed AND h."from" <= p."from" AND p."from" < h.until
WHERE p.until IS NOT NULL
GROUP BY p.deed, h.packKey, p."from", p.until
