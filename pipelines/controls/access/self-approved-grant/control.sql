WITH named AS (
  SELECT g.*, starts_with(g.principal, 'role:') AS toRole, a.staff AS approver, coalesce(a.ambiguous, false) AS doubtfulApprover,
    coalesce(h.staff, g.principal) AS holder, coalesce(h.ambiguous, false) AS doubtfulHolder,
    g.approvedBy IN (SELECT id FROM conflict WHERE kind = 'staff') AS disputed
  FROM "grant" g
  LEFT JOIN staffNamePeriod a ON a.name = g.approvedBy AND a."from" <= g.createdAt AND g.createdAt < a.until
  LEFT JOIN staffNamePeriod h ON h.name = g.principal AND h."from" <= g.createdAt AND g.createdAt < h.until
),
roleThen AS (
  SELECT n.id, list(DISTINCT r.role) AS roles
  FROM named n JOIN staffRole r ON r.staff = n.approver AND r."from" <= n.createdAt AND (r.until IS NULL OR n.createdAt < r.until)
  WHERE n.toRole GROUP BY n.id
),
coded AS (
  SELECT n.*, CASE WHEN n.approvedBy IS NULL THEN 'no-approver'
      WHEN n.approvedBy = n.principal OR NOT n.toRole AND n.approver = n.holder AND NOT n.doubtfulHolder THEN 'approved-by-holder'
      WHEN n.disputed THEN 'conflicting-records'
      WHEN n.doubtfulApprover OR n.doubtfulHolder THEN 'ambiguous-person'
      WHEN n.toRole AND n.approver IS NULL THEN 'unknown-approver'
      WHEN n.toRole AND r.roles = [substr(n.principal, 6)] THEN 'approved-by-role-only' END AS reason
  FROM named n LEFT JOIN roleThen r ON r.id = n.id
)
SELECT c.id AS unit, c.createdAt AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, CASE WHEN c.toRole THEN c.approver ELSE c.holder END AS staff,
  CASE WHEN c.reason IS NULL THEN 'pass' WHEN starts_with(c.reason, 'approved') THEN 'fail' ELSE 'unverifiable' END AS outcome,
  c.reason, NULL AS severity, coalesce(c.approver, c.approvedBy, c.principal) AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN c.reason IS NOT NULL THEN [{kind: 'grant', id: c.id}] || CASE WHEN c.approver IS NULL THEN [] ELSE [{kind: 'staff', id: c.approver}] END END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN c.reason IS NOT NULL THEN to_json({"grant": c.id, holder: c.principal, approver: c.approvedBy, actions: c.actions, breakGlass: c.breakGlass}) END AS details
FROM coded c
ORDER BY unit
