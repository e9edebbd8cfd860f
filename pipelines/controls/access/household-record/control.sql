SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, h.party, v.staff,
  CASE WHEN v.staff IS NULL OR v.contactId IS NULL OR o.staff IS NOT NULL THEN 'notApplicable' WHEN h.staff IS NOT NULL THEN 'fail' ELSE 'pass' END AS outcome,
  CASE WHEN v.staff IS NULL THEN 'not-staff' WHEN v.contactId IS NULL THEN 'no-known-contact' WHEN o.staff IS NOT NULL THEN 'own-record' WHEN h.staff IS NOT NULL THEN 'shared-contact' END AS reason,
  NULL AS severity, v.person AS cause, v.packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN h.staff IS NOT NULL THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) || [{kind: 'contact', id: v.contactId}, {kind: 'staff', id: v.staff}] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN h.staff IS NOT NULL THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends, shared: h.shared}) END AS details
FROM accessUnit v
LEFT JOIN ownCustomer o ON o.contactId = v.contactId AND o.staff = v.staff
LEFT JOIN householdCustomer h ON h.contactId = v.contactId AND h.staff = v.staff
LEFT JOIN sessionTrail t ON t.sessionId = v.sessionId
ORDER BY unit
