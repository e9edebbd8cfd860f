-- Who decided or approved, at that time: (name, at) -> staff id, roles held then, team and site then.
-- A name of two staff members at that time is ambiguous; a role ends with the employment.
WITH named AS (
  SELECT staff AS name, "at" FROM decision
  UNION
  SELECT a.approval."by", a.approval."at" FROM decision d, unnest(d.approvals) AS a(approval)
),
resolved AS (
  SELECT u.name, u."at", min(n.staff) AS staff, count(DISTINCT n.staff) > 1 AS ambiguous
  FROM named u JOIN staffName n ON n.name = u.name
    AND (n."from" IS NULL OR n."from" <= u."at") AND (n.until IS NULL OR u."at" < n.until)
  GROUP BY u.name, u."at"
),
roleHeld AS (
  SELECT s.id AS staff, r.held.role AS role, r.held.team AS team, r.held.site AS site,
    greatest(r.held."from", s.employedFrom) AS "from", least(r.held.until, s.employedUntil) AS until
  FROM staff s, unnest(s.roles) AS r(held)
),
roleThen AS (
  SELECT a.name, a."at", list_sort(list(DISTINCT h.role)) AS roles, min(h.team) AS team, min(h.site) AS site
  FROM resolved a JOIN roleHeld h ON h.staff = a.staff
    AND h."from" <= a."at" AND (h.until IS NULL OR a."at" < h.until)
  WHERE NOT a.ambiguous
  GROUP BY a.name, a."at"
)
SELECT
  u.name,
  u."at",
  CASE WHEN NOT a.ambiguous AND x.name IS NULL THEN a.staff END AS staff,
  coalesce(a.ambiguous, false) AS ambiguous,
  coalesce(r.roles, []::VARCHAR[]) AS roles,
  r.team,
  r.site,
  -- Why nobody is known under the name; NULL where somebody is.
  CASE WHEN a.ambiguous THEN 'ambiguous-person'
       WHEN x.name IS NOT NULL THEN 'conflicting-records'
       WHEN a.staff IS NOT NULL THEN NULL
       WHEN p.kind IS NULL THEN 'not-covered'
       ELSE 'unknown-staff' END AS doubt
FROM named u
LEFT JOIN resolved a ON a.name = u.name AND a."at" = u."at"
LEFT JOIN roleThen r ON r.name = u.name AND r."at" = u."at"
LEFT JOIN disputedStaffName x ON x.name = u.name
LEFT JOIN provided p ON p.kind = 'staff'
