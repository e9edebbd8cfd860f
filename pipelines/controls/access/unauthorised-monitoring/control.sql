WITH watched AS (
  SELECT s.session, bool_or(m.forbidden) AS forbidden, min(m.queue) AS queue, list_distinct(flatten(list(m.support ORDER BY r.accessId))) AS support
  FROM monitoringAct m JOIN accessSession s ON s.access = m.access JOIN accessRow r ON r.rowid = m.access GROUP BY s.session
),
judged AS (
  SELECT v.*, w.forbidden, w.queue, w.support, w.session IS NOT NULL AS live, v.fires = 'unauthorised-monitoring' AS failed,
    w.session IS NOT NULL AND v.fires IS NULL AND v.doubt IS NOT NULL AND v.doubtFrom <= 3 AS doubtful
  FROM sessionVerdict v LEFT JOIN watched w ON w.session = v.session
),
trail AS (
  SELECT a.session, count(*) AS accesses, max(a."at") AS ends, list({kind: 'access', id: r.accessId} ORDER BY a."at", r.accessId) AS evidence
  FROM (FROM accessSession SEMI JOIN (SELECT session FROM watched) s USING (session)) a JOIN accessRow r ON r.rowid = a.access GROUP BY a.session HAVING count(*) > 1
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, NULL AS party, v.staff,
  CASE WHEN v.failed THEN 'fail' WHEN v.fires IS NOT NULL OR NOT v.live THEN 'notApplicable' WHEN v.doubtful THEN 'unverifiable' ELSE 'pass' END AS outcome,
  CASE WHEN v.failed THEN CASE WHEN v.forbidden THEN 'never-monitor' ELSE 'no-authority' END
    WHEN v.fires IS NOT NULL THEN 'decided-by:access/' || v.fires
    WHEN NOT v.live THEN 'not-monitoring'
    WHEN v.doubtful THEN v.doubt END AS reason,
  NULL AS severity, CASE WHEN v.failed AND v.forbidden THEN v.queue WHEN v.failed THEN v.person END AS cause, CASE WHEN v.fires IS NOT NULL OR v.live THEN v.packKey END AS packKey,
  CASE WHEN v.failed AND v.forbidden THEN 'access.neverMonitor' END AS ruleRef, NULL AS law,
  CASE WHEN v.failed OR v.doubtful THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) || CASE WHEN v.contactId IS NULL THEN [] ELSE [{kind: 'contact', id: v.contactId}] END END AS evidence,
  CASE WHEN v.failed THEN v.support END AS contrary,
  CASE WHEN v.failed THEN coalesce(n.names, [v.actor]) END AS searched,
  CASE WHEN v.failed OR v.doubtful THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, queue: v.queue, accesses: coalesce(t.accesses, 1), ends: t.ends}) END AS details
FROM judged v
LEFT JOIN trail t ON t.session = v.session
LEFT JOIN staffNames n ON n.staff = v.staff
ORDER BY unit
