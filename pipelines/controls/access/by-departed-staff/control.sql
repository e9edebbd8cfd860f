-- act: the access that decides, which is what is said of the session.
WITH outside AS (
  SELECT s.session, arg_min({"at": s."at", deed: s.deed}, (s."at", r.accessId)) AS act, min(e.employedFrom) AS employedFrom, max(e.employedUntil) AS employedUntil
  FROM accessDeed a JOIN staff e ON e.id = a.staff AND (a.firstAt < e.employedFrom OR a.lastAt >= e.employedUntil)
  JOIN accessSession s ON s.deed = a.rowid JOIN accessRow r ON r.rowid = s.access
  WHERE s."at" < e.employedFrom OR s."at" >= e.employedUntil
  GROUP BY s.session
),
trail AS (
  SELECT a.session, count(*) AS accesses, max(a."at") AS ends, list({kind: 'access', id: r.accessId} ORDER BY a."at", r.accessId) AS evidence
  FROM (FROM accessSession SEMI JOIN (SELECT session FROM outside UNION ALL FROM doubtfulSession) s USING (session)) a JOIN accessRow r ON r.rowid = a.access GROUP BY a.session HAVING count(*) > 1
)
SELECT v.sessionId AS unit, coalesce(o.act."at", v."at") AS "at", v.contactId, v.recordingId, NULL AS party, v.staff,
  CASE WHEN o.session IS NOT NULL THEN 'fail' WHEN v.actorKind IN ('ambiguous', 'conflict') THEN 'unverifiable' WHEN v.staff IS NULL THEN 'notApplicable' ELSE 'pass' END AS outcome,
  CASE WHEN o.act."at" >= o.employedUntil THEN 'after-leaving' WHEN o.session IS NOT NULL THEN 'before-joining'
    WHEN v.actorKind = 'ambiguous' THEN 'ambiguous-person' WHEN v.actorKind = 'conflict' THEN 'conflicting-records'
    WHEN v.staff IS NULL THEN 'not-staff' END AS reason,
  NULL AS severity, CASE WHEN o.session IS NOT NULL THEN v.person END AS cause, CASE WHEN o.session IS NOT NULL OR v.actorKind IN ('ambiguous', 'conflict') THEN d.packKey END AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN o.session IS NOT NULL THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) || [{kind: 'staff', id: v.staff}] WHEN v.actorKind IN ('ambiguous', 'conflict') THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) END AS evidence,
  NULL AS contrary, CASE WHEN o.session IS NOT NULL THEN n.names END AS searched,
  CASE WHEN o.session IS NOT NULL OR v.actorKind IN ('ambiguous', 'conflict') THEN to_json({actor: d.actor, onBehalfOf: d.onBehalfOf, action: v.action, target: v.target, purpose: d.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends,
    employedFrom: o.employedFrom, employedUntil: o.employedUntil}) END AS details
FROM accessUnit v
LEFT JOIN outside o ON o.session = v.session
JOIN accessDeed d ON d.rowid = coalesce(o.act.deed, v.deed)
LEFT JOIN trail t ON t.session = v.session
LEFT JOIN staffNames n ON n.staff = v.staff
ORDER BY unit
