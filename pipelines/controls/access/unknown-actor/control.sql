WITH judged AS (
  SELECT *, fires = 'unknown-actor' AS failed, fires IS NULL AND doubt IS NOT NULL AND doubtFrom <= 2 AS doubtful
  FROM sessionVerdict
),
trail AS (
  SELECT a.session, count(*) AS accesses, max(a."at") AS ends, list({kind: 'access', id: r.accessId} ORDER BY a."at", r.accessId) AS evidence
  FROM (FROM accessSession SEMI JOIN (SELECT session FROM sessionFault WHERE fires = 'unknown-actor' OR doubtFrom <= 2) s USING (session)) a JOIN accessRow r ON r.rowid = a.access GROUP BY a.session HAVING count(*) > 1
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, NULL AS party, v.staff,
  CASE WHEN v.failed THEN 'fail' WHEN v.fires IS NOT NULL THEN 'notApplicable' WHEN v.doubtful THEN 'unverifiable' ELSE 'pass' END AS outcome,
  CASE WHEN v.failed THEN CASE WHEN v.actorType = 'service' AND v.onBehalfOf IS NOT NULL THEN 'undeclared-service' ELSE 'unknown-actor' END
    WHEN v.fires IS NOT NULL THEN 'decided-by:access/' || v.fires
    WHEN v.doubtful THEN v.doubt END AS reason,
  NULL AS severity, CASE WHEN v.failed THEN v.actor END AS cause, CASE WHEN v.fires IS NOT NULL OR v.doubtful THEN v.packKey END AS packKey, 'access.services' AS ruleRef, NULL AS law,
  CASE WHEN v.failed OR v.doubtful THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) END AS evidence,
  NULL AS contrary,
  CASE WHEN v.failed THEN [v.actor] END AS searched,
  CASE WHEN v.failed OR v.doubtful THEN to_json({actor: v.actor, actorType: v.actorType, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target,
    accesses: coalesce(t.accesses, 1), ends: t.ends}) END AS details
FROM judged v
LEFT JOIN trail t ON t.session = v.session
ORDER BY unit
