WITH trail AS (
  SELECT a.session, count(*) AS accesses, max(a."at") AS ends, list({kind: 'access', id: r.accessId} ORDER BY a."at", r.accessId) AS evidence
  FROM (FROM accessSession SEMI JOIN (SELECT session FROM sessionFault WHERE fires = 'anonymous' OR doubtFrom = 1) s USING (session)) a JOIN accessRow r ON r.rowid = a.access GROUP BY a.session HAVING count(*) > 1
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, NULL AS party, v.staff,
  CASE WHEN v.fires = 'anonymous' THEN 'fail' WHEN v.fires IS NOT NULL THEN 'notApplicable' WHEN v.doubtFrom = 1 THEN 'unverifiable' ELSE 'pass' END AS outcome,
  CASE WHEN v.fires = 'anonymous' THEN 'anonymous' WHEN v.fires IS NOT NULL THEN 'decided-by:access/' || v.fires WHEN v.doubtFrom = 1 THEN v.doubt END AS reason,
  NULL AS severity, CASE WHEN v.fires = 'anonymous' THEN v.actor END AS cause, CASE WHEN v.fires IS NOT NULL OR v.doubtFrom = 1 THEN v.packKey END AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN v.fires = 'anonymous' OR v.fires IS NULL AND v.doubtFrom = 1 THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN v.fires = 'anonymous' OR v.fires IS NULL AND v.doubtFrom = 1 THEN to_json({actor: v.actor, action: v.action, target: v.target, accesses: coalesce(t.accesses, 1), ends: t.ends}) END AS details
FROM sessionVerdict v
LEFT JOIN trail t ON t.session = v.session
ORDER BY unit
