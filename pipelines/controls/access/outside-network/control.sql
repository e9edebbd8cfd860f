-- act: the access that decides, which is what is said of the session.
WITH ruled AS (
  SELECT DISTINCT packKey FROM packNetwork
),
off AS (
  SELECT s.session, bool_or(x.inside = false) AS outside, bool_or(x.ip IS NOT NULL AND x.inside IS NULL) AS unreadable,
    arg_min({"at": r."at", deed: r.deed}, (x.inside IS NOT FALSE, x.ip IS NULL, r."at", r.accessId)) AS act
  FROM offNetwork x JOIN accessSession s ON s.access = x.access JOIN accessRow r ON r.rowid = x.access GROUP BY s.session
),
coded AS (
  SELECT v.* REPLACE (coalesce(o.act."at", v."at") AS "at", d.packKey AS packKey, d.actor AS actor, d.onBehalfOf AS onBehalfOf, d.purpose AS purpose), CASE WHEN o.outside THEN 'outside-network' WHEN d.packKey IS NULL THEN 'no-policy' WHEN r.packKey IS NULL THEN 'no-rule'
    WHEN o.unreadable THEN 'address-unreadable' WHEN o.session IS NOT NULL THEN 'no-address' END AS reason
  FROM accessUnit v LEFT JOIN off o ON o.session = v.session JOIN accessDeed d ON d.rowid = coalesce(o.act.deed, v.deed) LEFT JOIN ruled r ON r.packKey = d.packKey
),
trail AS (
  SELECT a.session, count(*) AS accesses, max(a."at") AS ends, list({kind: 'access', id: r.accessId} ORDER BY a."at", r.accessId) AS evidence
  FROM (FROM accessSession SEMI JOIN (SELECT session FROM off UNION ALL FROM doubtfulSession) s USING (session)) a JOIN accessRow r ON r.rowid = a.access GROUP BY a.session HAVING count(*) > 1
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, NULL AS party, v.staff,
  CASE WHEN v.reason IS NULL THEN 'pass' WHEN v.reason = 'outside-network' THEN 'fail' WHEN v.reason = 'no-rule' THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  v.reason, NULL AS severity, CASE WHEN v.reason = 'outside-network' THEN v.person END AS cause, CASE WHEN v.reason IS NOT NULL THEN v.packKey END AS packKey, 'access.networks' AS ruleRef, NULL AS law,
  CASE WHEN v.reason <> 'no-rule' THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN v.reason <> 'no-rule' THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends}) END AS details
FROM coded v
LEFT JOIN trail t ON t.session = v.session
ORDER BY unit
