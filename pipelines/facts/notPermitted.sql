-- Successful accesses of known actors that no role, grant or export approval permits at their time
-- (a service: that are not in its list; an audit principal: that are no reads). doubt: the records cannot tell.
WITH act AS MATERIALIZED (
  SELECT rowid::INTEGER AS deed, packKey, actorKind, actor, staff, action, "from", until, firstAt, lastAt
  FROM accessDeed WHERE outcome = 'success' AND packKey IS NOT NULL AND actorKind IN ('staff', 'service', 'audit')
),
byRole AS (
  SELECT DISTINCT packKey FROM packRole
),
servicePermit AS (
  SELECT s.packKey, s.id, a.action FROM packService s, unnest(s.actions) AS a(action)
  UNION
  SELECT p.packKey, i.id, a.action FROM pack p, unnest(p.auditPrincipals) AS i(id), unnest(['list', 'view', 'play', 'download']) AS a(action)
),
-- The times in which a role permits it, and the end of all, so that every hole has something after it.
permitted AS (
  SELECT a.deed, a."from" AS begins, a.firstAt, a.lastAt, p."from", p.until
  FROM act a SEMI JOIN byRole b ON b.packKey = a.packKey
  JOIN rolePermit r ON r.packKey = a.packKey AND r.staff = a.staff AND r.action = a.action,
  LATERAL (SELECT greatest(r."from", a."from") AS "from", least(coalesce(r.until, 'infinity'::TIMESTAMP), a.until) AS until) p
  WHERE a.actorKind = 'staff' AND p."from" < p.until
  UNION ALL
  SELECT a.deed, a."from", a.firstAt, a.lastAt, a.until, a.until FROM act a SEMI JOIN byRole b ON b.packKey = a.packKey WHERE a.actorKind = 'staff'
),
hole AS (
  SELECT deed, firstAt, lastAt, coalesce(max(until) OVER (PARTITION BY deed ORDER BY "from", until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), begins) AS "from", "from" AS until
  FROM permitted
),
lack AS (
  SELECT deed, "from", until, true AS isStaff FROM hole WHERE "from" < until AND "from" <= lastAt AND until > firstAt
  UNION ALL
  SELECT a.deed, '-infinity'::TIMESTAMP, 'infinity'::TIMESTAMP, false
  FROM act a ANTI JOIN servicePermit s ON s.packKey = a.packKey AND s.id = a.actor AND s.action = a.action
  WHERE a.actorKind IN ('service', 'audit')
),
beyond AS (
  SELECT r.rowid::INTEGER AS access, r.object, d.action, l.isStaff
  FROM accessRow r JOIN lack l ON l.deed = r.deed AND l."from" <= r."at" AND r."at" < l.until JOIN accessDeed d ON d.rowid = r.deed
),
permit AS (
  SELECT b.access, bool_or(NOT w.doubtful) AS sure, bool_and(w.disputed) AS disputed
  FROM beyond b JOIN accessWarrant w ON w.access = b.access
  WHERE b.isStaff AND w.inForce AND w.madeByThen
    AND (w.kind = 'grant' OR w.reason = 'export-approval' AND w.weakness IS NULL AND b.action IN ('export', 'download'))
  GROUP BY b.access
)
SELECT b.access,
  CASE WHEN NOT b.isStaff THEN NULL
    WHEN p.disputed THEN 'conflicting-records'
    WHEN p.access IS NOT NULL THEN 'ambiguous-person'
    WHEN o.problem IS NOT NULL THEN o.problem
    WHEN n.reasons THEN 'not-covered' END AS doubt
FROM beyond b
JOIN accessObject o ON o.rowid = b.object
LEFT JOIN permit p ON p.access = b.access
LEFT JOIN accessNotCovered n ON n.access = b.access
WHERE NOT coalesce(p.sure, false)
