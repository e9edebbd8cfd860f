WITH outside AS (
  SELECT s.sessionId, bool_or(a."at" >= e.employedUntil) AS afterwards, min(e.employedFrom) AS employedFrom, max(e.employedUntil) AS employedUntil
  FROM accessAct a JOIN staff e ON e.id = a.staff JOIN accessSession s ON s.accessId = a.accessId
  WHERE a."at" < e.employedFrom OR a."at" >= e.employedUntil
  GROUP BY s.sessionId
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, NULL AS party, v.staff,
  CASE WHEN o.sessionId IS NOT NULL THEN 'fail' WHEN v.actorKind IN ('ambiguous', 'conflict') THEN 'unverifiable' WHEN v.staff IS NULL THEN 'notApplicable' ELSE 'pass' END AS outcome,
  CASE WHEN o.afterwards THEN 'after-leaving' WHEN o.sessionId IS NOT NULL THEN 'before-joining'
    WHEN v.actorKind = 'ambiguous' THEN 'ambiguous-person' WHEN v.actorKind = 'conflict' THEN 'conflicting-records'
    WHEN v.staff IS NULL THEN 'not-staff' END AS reason,
  NULL AS severity, v.person AS cause, v.packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN o.sessionId IS NOT NULL THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) || [{kind: 'staff', id: v.staff}] WHEN v.actorKind IN ('ambiguous', 'conflict') THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) END AS evidence,
  NULL AS contrary, CASE WHEN o.sessionId IS NOT NULL THEN n.names END AS searched,
  CASE WHEN o.sessionId IS NOT NULL OR v.actorKind IN ('ambiguous', 'conflict') THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends,
    employedFrom: o.employedFrom, employedUntil: o.employedUntil}) END AS details
FROM accessUnit v
LEFT JOIN outside o ON o.sessionId = v.sessionId
LEFT JOIN sessionTrail t ON t.sessionId = v.sessionId
LEFT JOIN staffNames n ON n.staff = v.staff
ORDER BY unit
