WITH nearest AS (
  SELECT w.session, min({distance: abs(epoch_us(coalesce(CASE WHEN n.until <= a."at" THEN n.until END, n."from")) - epoch_us(a."at")),
    id: n.id, "from": n."from", until: n.until, ended: n.until <= a."at"}) AS near
  FROM nearExplanation n JOIN sessionFault w ON w.access = n.access JOIN accessRow a ON a.rowid = n.access
  WHERE n."nearness" = 'expired' AND NOT n.doubtful GROUP BY w.session
),
judged AS (
  SELECT *, fires = 'grant-expired' AS failed, fires IS NULL AND doubt IS NOT NULL AS doubtful
  FROM sessionVerdict
),
trail AS (
  SELECT a.session, count(*) AS accesses, max(a."at") AS ends, list({kind: 'access', id: r.accessId} ORDER BY a."at", r.accessId) AS evidence
  FROM (FROM accessSession SEMI JOIN (SELECT session FROM sessionFault WHERE fires = 'grant-expired' OR doubt IS NOT NULL) s USING (session)) a JOIN accessRow r ON r.rowid = a.access GROUP BY a.session HAVING count(*) > 1
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, NULL AS party, v.staff,
  CASE WHEN v.failed THEN 'fail' WHEN v.fires IS NOT NULL THEN 'notApplicable' WHEN v.doubtful THEN 'unverifiable' ELSE 'pass' END AS outcome,
  CASE WHEN v.failed THEN CASE WHEN n.near.ended THEN 'grant-ended' ELSE 'grant-not-begun' END
    WHEN v.fires IS NOT NULL THEN 'decided-by:access/' || v.fires
    WHEN v.doubtful THEN v.doubt END AS reason,
  NULL AS severity, CASE WHEN v.failed THEN v.person END AS cause, CASE WHEN v.fires IS NOT NULL OR v.doubtful THEN v.packKey END AS packKey, 'access.explanations' AS ruleRef, NULL AS law,
  CASE WHEN v.failed OR v.doubtful THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) || CASE WHEN v.failed THEN [{kind: 'grant', id: n.near.id}] ELSE [] END END AS evidence,
  NULL AS contrary,
  CASE WHEN v.failed THEN coalesce(s.names, [v.actor]) END AS searched,
  CASE WHEN v.failed OR v.doubtful THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose,
    accesses: coalesce(t.accesses, 1), ends: t.ends, "grant": n.near.id, "from": n.near."from", until: n.near.until, tried: p.explanations}) END AS details
FROM judged v
LEFT JOIN nearest n ON n.session = v.session
LEFT JOIN trail t ON t.session = v.session
LEFT JOIN staffNames s ON s.staff = v.staff
LEFT JOIN pack p ON p.packKey = v.packKey
ORDER BY unit
