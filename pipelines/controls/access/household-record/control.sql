WITH own AS (
  SELECT DISTINCT u.session FROM accessUnit u JOIN ownCustomer o ON o.contactId = u.contactId AND o.staff = u.staff AND o."from" <= u."at" AND u."at" < o.until
),
near AS (
  SELECT u.session, min(h.party) AS party, min(h.shared) AS shared
  FROM accessUnit u JOIN householdCustomer h ON h.contactId = u.contactId AND h.staff = u.staff AND h."from" <= u."at" AND u."at" < h.until GROUP BY u.session
),
trail AS (
  SELECT a.session, count(*) AS accesses, max(a."at") AS ends, list({kind: 'access', id: r.accessId} ORDER BY a."at", r.accessId) AS evidence
  FROM (FROM accessSession SEMI JOIN near s USING (session)) a JOIN accessRow r ON r.rowid = a.access GROUP BY a.session HAVING count(*) > 1
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, h.party, v.staff,
  CASE WHEN v.staff IS NULL OR v.contactId IS NULL OR o.session IS NOT NULL THEN 'notApplicable' WHEN h.session IS NOT NULL THEN 'fail' ELSE 'pass' END AS outcome,
  CASE WHEN v.staff IS NULL THEN 'not-staff' WHEN v.contactId IS NULL THEN 'no-known-contact' WHEN o.session IS NOT NULL THEN 'own-record' WHEN h.session IS NOT NULL THEN 'shared-contact' END AS reason,
  NULL AS severity, CASE WHEN h.session IS NOT NULL THEN v.person END AS cause, CASE WHEN h.session IS NOT NULL THEN v.packKey END AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN h.session IS NOT NULL THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) || [{kind: 'contact', id: v.contactId}, {kind: 'staff', id: v.staff}] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN h.session IS NOT NULL THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends, shared: h.shared}) END AS details
FROM accessUnit v
LEFT JOIN own o ON o.session = v.session
LEFT JOIN near h ON h.session = v.session
LEFT JOIN trail t ON t.session = v.session
ORDER BY unit
