WITH ruled AS (
  SELECT DISTINCT packKey FROM packNetwork
),
off AS (
  SELECT s.sessionId, bool_or(n.inside = false) AS outside, bool_or(a.ip IS NOT NULL AND n.inside IS NULL) AS unreadable
  FROM accessAct a SEMI JOIN ruled r ON r.packKey = a.packKey
  JOIN accessSession s ON s.accessId = a.accessId
  LEFT JOIN accessNetwork n ON n.packKey = a.packKey AND n.ip = a.ip
  WHERE n.inside IS NULL OR NOT n.inside
  GROUP BY s.sessionId
),
coded AS (
  SELECT v.*, CASE WHEN o.outside THEN 'outside-network' WHEN v.packKey IS NULL THEN 'no-policy' WHEN r.packKey IS NULL THEN 'no-rule'
    WHEN o.unreadable THEN 'address-unreadable' WHEN o.sessionId IS NOT NULL THEN 'no-address' END AS reason
  FROM accessUnit v LEFT JOIN off o ON o.sessionId = v.sessionId LEFT JOIN ruled r ON r.packKey = v.packKey
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, NULL AS party, v.staff,
  CASE WHEN v.reason IS NULL THEN 'pass' WHEN v.reason = 'outside-network' THEN 'fail' WHEN v.reason = 'no-rule' THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  v.reason, NULL AS severity, v.person AS cause, v.packKey, 'access.networks' AS ruleRef, NULL AS law,
  CASE WHEN v.reason <> 'no-rule' THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN v.reason <> 'no-rule' THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends}) END AS details
FROM coded v
LEFT JOIN sessionTrail t ON t.sessionId = v.sessionId
ORDER BY unit
