-- bar: the request that decides, with the access that decides, which is what is said of the session.
WITH barred AS (
  SELECT s.session, bool_or(b.doubt IS NULL) AS sure, min(b.doubt) AS doubt, arg_min({id: b.requestId, type: b.type, party: b.party, "at": r."at", deed: r.deed}, (b.doubt IS NOT NULL, b.type = 'objection', b.requestId, r."at", r.accessId, b.party)) AS bar,
    list_sort(list(DISTINCT {kind: 'request', id: b.requestId})) AS evidence
  FROM restrictionBar b JOIN accessSession s ON s.access = b.access JOIN accessRow r ON r.rowid = b.access GROUP BY s.session
),
coded AS (
  SELECT v.* REPLACE (coalesce(b.bar."at", v."at") AS "at", d.packKey AS packKey, d.actor AS actor, d.onBehalfOf AS onBehalfOf, d.purpose AS purpose), b.bar, b.evidence AS proof,
    CASE WHEN d.packKey IS NULL AND b.session IS NOT NULL THEN 'no-policy'
      WHEN b.sure THEN CASE WHEN b.bar.type = 'objection' THEN 'objected' ELSE 'restricted' END
      WHEN b.session IS NOT NULL THEN b.doubt WHEN x.problem IS NOT NULL THEN x.problem WHEN v.contactId IS NULL THEN 'no-known-contact' END AS reason
  FROM accessUnit v LEFT JOIN barred b ON b.session = v.session JOIN accessDeed d ON d.rowid = coalesce(b.bar.deed, v.deed) LEFT JOIN troubledSession x ON x.session = v.session
),
trail AS (
  SELECT a.session, count(*) AS accesses, max(a."at") AS ends, list({kind: 'access', id: r.accessId} ORDER BY a."at", r.accessId) AS evidence
  FROM (FROM accessSession SEMI JOIN (SELECT session FROM barred UNION ALL SELECT session FROM troubledSession WHERE problem IS NOT NULL) s USING (session)) a JOIN accessRow r ON r.rowid = a.access GROUP BY a.session HAVING count(*) > 1
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, CASE WHEN v.reason IN ('restricted', 'objected') THEN v.bar.party END AS party, v.staff,
  CASE WHEN v.reason IS NULL THEN 'pass' WHEN v.reason = 'no-known-contact' THEN 'notApplicable' WHEN v.reason IN ('restricted', 'objected') THEN 'fail' ELSE 'unverifiable' END AS outcome,
  v.reason, NULL AS severity, CASE WHEN v.reason IN ('restricted', 'objected') THEN v.person END AS cause, CASE WHEN v.reason IS NOT NULL THEN v.packKey END AS packKey, 'access.exemptPurposes' AS ruleRef, NULL AS law,
  CASE WHEN v.reason <> 'no-known-contact' THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) || coalesce(v.proof, []) END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN v.reason <> 'no-known-contact' THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends, request: v.bar.id}) END AS details
FROM coded v
LEFT JOIN trail t ON t.session = v.session
ORDER BY unit
