SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, NULL AS party, v.staff,
  CASE WHEN v.fires = 'anonymous' THEN 'fail' WHEN v.fires IS NOT NULL THEN 'notApplicable' WHEN v.doubtFrom = 1 THEN 'unverifiable' ELSE 'pass' END AS outcome,
  CASE WHEN v.fires = 'anonymous' THEN 'anonymous' WHEN v.fires IS NOT NULL THEN 'decided-by:access/' || v.fires WHEN v.doubtFrom = 1 THEN v.doubt END AS reason,
  NULL AS severity, v.actor AS cause, v.packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN v.fires = 'anonymous' OR v.fires IS NULL AND v.doubtFrom = 1 THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN v.fires = 'anonymous' OR v.fires IS NULL AND v.doubtFrom = 1 THEN to_json({actor: v.actor, action: v.action, target: v.target, accesses: coalesce(t.accesses, 1), ends: t.ends}) END AS details
FROM sessionVerdict v
LEFT JOIN sessionTrail t ON t.sessionId = v.sessionId
ORDER BY unit
