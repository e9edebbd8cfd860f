WITH lacking AS (
  SELECT s.sessionId, bool_or(NOT l.trained) AS lacks, arg_min({course: l.course, lapsedAt: l.lapsedAt}, (a."at", l.course)) FILTER (NOT l.trained) AS lack
  FROM trainingLack l JOIN accessAct a ON a.accessId = l.accessId JOIN accessSession s ON s.accessId = l.accessId GROUP BY s.sessionId
),
coded AS (
  SELECT v.*, l.lack, CASE WHEN l.lacks THEN CASE WHEN l.lack.lapsedAt IS NULL THEN 'never-trained' ELSE 'training-lapsed' END
    WHEN v.actorKind = 'ambiguous' THEN 'ambiguous-person' WHEN v.actorKind = 'conflict' THEN 'conflicting-records'
    WHEN v.staff IS NULL THEN 'not-staff' WHEN v.packKey IS NULL THEN 'no-policy' WHEN l.sessionId IS NULL THEN 'no-rule' END AS reason
  FROM accessUnit v LEFT JOIN lacking l ON l.sessionId = v.sessionId
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, NULL AS party, v.staff,
  CASE WHEN v.reason IS NULL THEN 'pass' WHEN v.reason IN ('never-trained', 'training-lapsed') THEN 'fail' WHEN v.reason IN ('not-staff', 'no-rule') THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  v.reason, NULL AS severity, v.person AS cause, v.packKey, 'access.training' AS ruleRef, NULL AS law,
  CASE WHEN v.reason NOT IN ('not-staff', 'no-rule') THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) || CASE WHEN v.staff IS NULL THEN [] ELSE [{kind: 'staff', id: v.staff}] END END AS evidence, NULL AS contrary,
  CASE WHEN v.reason IN ('never-trained', 'training-lapsed') THEN n.names END AS searched,
  CASE WHEN v.reason NOT IN ('not-staff', 'no-rule') THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends, course: v.lack.course, lapsedAt: v.lack.lapsedAt}) END AS details
FROM coded v
LEFT JOIN sessionTrail t ON t.sessionId = v.sessionId
LEFT JOIN staffNames n ON n.staff = v.staff
ORDER BY unit
