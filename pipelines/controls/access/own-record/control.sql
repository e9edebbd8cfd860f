WITH own AS (
  SELECT s.session, bool_or(NOT w.doubtful) AS sure, min(w.party) AS party
  FROM ownCustomer w JOIN accessObject o ON o.contactId = w.contactId AND o.problem IS DISTINCT FROM 'target-disagrees'
  JOIN accessRow r ON r.object = o.rowid JOIN accessDeed d ON d.rowid = r.deed AND d.staff = w.staff AND w."from" <= r."at" AND r."at" < w.until JOIN accessSession s ON s.access = r.rowid
  GROUP BY s.session
),
coded AS (
  SELECT v.*, o.party AS customer, CASE WHEN o.sure THEN 'own-record' WHEN v.actorKind = 'ambiguous' THEN 'ambiguous-person' WHEN v.actorKind = 'conflict' THEN 'conflicting-records'
    WHEN v.staff IS NULL THEN 'not-staff' WHEN o.session IS NOT NULL THEN 'ambiguous-person' WHEN x.problem IS NOT NULL THEN x.problem WHEN x.unknown THEN 'no-known-contact' END AS reason
  FROM accessUnit v LEFT JOIN own o ON o.session = v.session LEFT JOIN troubledSession x ON x.session = v.session
),
trail AS (
  SELECT a.session, count(*) AS accesses, max(a."at") AS ends, list({kind: 'access', id: r.accessId} ORDER BY a."at", r.accessId) AS evidence
  FROM (FROM accessSession SEMI JOIN (SELECT session FROM own UNION ALL FROM doubtfulSession UNION ALL SELECT session FROM troubledSession WHERE problem IS NOT NULL) s USING (session)) a JOIN accessRow r ON r.rowid = a.access GROUP BY a.session HAVING count(*) > 1
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, CASE WHEN v.reason = 'own-record' THEN v.customer END AS party, v.staff,
  CASE WHEN v.reason IS NULL THEN 'pass' WHEN v.reason = 'own-record' THEN 'fail' WHEN v.reason IN ('not-staff', 'no-known-contact') THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  v.reason, NULL AS severity, CASE WHEN v.reason = 'own-record' THEN v.person END AS cause, CASE WHEN v.reason IS NOT NULL THEN v.packKey END AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN v.reason NOT IN ('not-staff', 'no-known-contact') THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) || CASE WHEN v.reason = 'own-record' THEN [{kind: 'contact', id: v.contactId}, {kind: 'staff', id: v.staff}] ELSE [] END END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN v.reason NOT IN ('not-staff', 'no-known-contact') THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends}) END AS details
FROM coded v
LEFT JOIN trail t ON t.session = v.session
ORDER BY unit
