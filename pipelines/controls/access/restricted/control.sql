WITH barred AS (
  SELECT s.sessionId, bool_or(b.doubt IS NULL) AS sure, min(b.doubt) AS doubt, arg_min({id: b.requestId, type: b.type, party: b.party}, (b.doubt IS NOT NULL, b.type = 'objection', b.requestId)) AS bar,
    list_sort(list(DISTINCT {kind: 'request', id: b.requestId})) AS evidence
  FROM restrictionBar b JOIN accessSession s ON s.accessId = b.accessId GROUP BY s.sessionId
),
troubled AS (
  SELECT s.sessionId, min(a.problem) AS problem
  FROM accessAct a JOIN accessSession s ON s.accessId = a.accessId WHERE a.problem IS NOT NULL GROUP BY s.sessionId
),
coded AS (
  SELECT v.*, b.bar, b.evidence AS proof,
    CASE WHEN v.packKey IS NULL AND b.sessionId IS NOT NULL THEN 'no-policy'
      WHEN b.sure THEN CASE WHEN b.bar.type = 'objection' THEN 'objected' ELSE 'restricted' END
      WHEN b.sessionId IS NOT NULL THEN b.doubt WHEN x.problem IS NOT NULL THEN x.problem WHEN v.contactId IS NULL THEN 'no-known-contact' END AS reason
  FROM accessUnit v LEFT JOIN barred b ON b.sessionId = v.sessionId LEFT JOIN troubled x ON x.sessionId = v.sessionId
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, CASE WHEN v.reason IN ('restricted', 'objected') THEN v.bar.party END AS party, v.staff,
  CASE WHEN v.reason IS NULL THEN 'pass' WHEN v.reason = 'no-known-contact' THEN 'notApplicable' WHEN v.reason IN ('restricted', 'objected') THEN 'fail' ELSE 'unverifiable' END AS outcome,
  v.reason, NULL AS severity, v.person AS cause, v.packKey, 'access.exemptPurposes' AS ruleRef, NULL AS law,
  CASE WHEN v.reason <> 'no-known-contact' THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) || coalesce(v.proof, []) END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN v.reason <> 'no-known-contact' THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends, request: v.bar.id}) END AS details
FROM coded v
LEFT JOIN sessionTrail t ON t.sessionId = v.sessionId
ORDER BY unit
