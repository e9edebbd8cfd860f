WITH own AS (
  SELECT s.sessionId, bool_or(NOT o.doubtful) AS sure, min(o.party) AS party
  FROM accessAct a JOIN ownCustomer o ON o.contactId = a.contactId AND o.staff = a.staff JOIN accessSession s ON s.accessId = a.accessId
  WHERE a.problem IS DISTINCT FROM 'target-disagrees'
  GROUP BY s.sessionId
),
troubled AS (
  SELECT s.sessionId, min(a.problem) AS problem, bool_and(NOT a.contactKnown AND a.problem IS NULL) AS unknown
  FROM accessAct a JOIN accessSession s ON s.accessId = a.accessId WHERE a.problem IS NOT NULL OR NOT a.contactKnown GROUP BY s.sessionId
),
coded AS (
  SELECT v.*, o.party AS customer, CASE WHEN o.sure THEN 'own-record' WHEN v.actorKind = 'ambiguous' THEN 'ambiguous-person' WHEN v.actorKind = 'conflict' THEN 'conflicting-records'
    WHEN v.staff IS NULL THEN 'not-staff' WHEN o.sessionId IS NOT NULL THEN 'ambiguous-person' WHEN x.problem IS NOT NULL THEN x.problem WHEN x.unknown THEN 'no-known-contact' END AS reason
  FROM accessUnit v LEFT JOIN own o ON o.sessionId = v.sessionId LEFT JOIN troubled x ON x.sessionId = v.sessionId
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, CASE WHEN v.reason = 'own-record' THEN v.customer END AS party, v.staff,
  CASE WHEN v.reason IS NULL THEN 'pass' WHEN v.reason = 'own-record' THEN 'fail' WHEN v.reason IN ('not-staff', 'no-known-contact') THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  v.reason, NULL AS severity, v.person AS cause, v.packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN v.reason NOT IN ('not-staff', 'no-known-contact') THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) || CASE WHEN v.reason = 'own-record' THEN [{kind: 'contact', id: v.contactId}, {kind: 'staff', id: v.staff}] ELSE [] END END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN v.reason NOT IN ('not-staff', 'no-known-contact') THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends}) END AS details
FROM coded v
LEFT JOIN sessionTrail t ON t.sessionId = v.sessionId
ORDER BY unit
