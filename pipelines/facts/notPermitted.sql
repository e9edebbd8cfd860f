-- Successful accesses of known actors that no role, grant or export approval permits at their time
-- (a service: that are not in its list; an audit principal: that are no reads). doubt: the records cannot tell.
WITH act AS (
  SELECT accessId, "at", packKey, actorKind, actor, staff, action, problem
  FROM accessAct WHERE outcome = 'success' AND packKey IS NOT NULL AND actorKind IN ('staff', 'service', 'audit')
),
byRole AS (
  SELECT DISTINCT packKey FROM packRole
),
servicePermit AS (
  SELECT s.packKey, s.id, a.action FROM packService s, unnest(s.actions) AS a(action)
  UNION
  SELECT p.packKey, i.id, a.action FROM pack p, unnest(p.auditPrincipals) AS i(id), unnest(['list', 'view', 'play', 'download']) AS a(action)
),
-- An open end as a time: with comparisons alone the join is by key, not of each access with each permit.
permitted AS (
  SELECT packKey, staff, action, "from", coalesce(until, 'infinity'::TIMESTAMP) AS until FROM rolePermit
),
beyond AS (
  SELECT a.accessId, a.problem, true AS isStaff
  FROM act a SEMI JOIN byRole b ON b.packKey = a.packKey
  ANTI JOIN permitted r ON r.packKey = a.packKey AND r.staff = a.staff AND r.action = a.action AND r."from" <= a."at" AND r.until > a."at"
  WHERE a.actorKind = 'staff'
  UNION ALL
  SELECT a.accessId, NULL, false
  FROM act a ANTI JOIN servicePermit s ON s.packKey = a.packKey AND s.id = a.actor AND s.action = a.action
  WHERE a.actorKind IN ('service', 'audit')
),
permit AS (
  SELECT w.accessId, bool_or(NOT w.doubtful) AS sure
  FROM accessWarrant w SEMI JOIN beyond b ON b.accessId = w.accessId AND b.isStaff
  JOIN act a ON a.accessId = w.accessId
  WHERE w.inForce AND w.madeByThen
    AND (w.kind = 'grant' OR w.reason = 'export-approval' AND w.weakness IS NULL AND a.action IN ('export', 'download'))
  GROUP BY w.accessId
)
SELECT b.accessId,
  CASE WHEN NOT b.isStaff THEN NULL
    WHEN p.accessId IS NOT NULL THEN 'ambiguous-person'
    WHEN b.problem IS NOT NULL THEN b.problem
    WHEN n.reasons THEN 'not-covered' END AS doubt
FROM beyond b
LEFT JOIN permit p ON p.accessId = b.accessId
LEFT JOIN accessNotCovered n ON n.accessId = b.accessId
WHERE NOT coalesce(p.sure, false)
