-- act: the access that decides, which is what is said of the session.
WITH graded AS (
  SELECT *, CASE reason WHEN 'after-deletion' THEN 1 WHEN 'after-erasure' THEN 2 WHEN 'past-delete-by' THEN 3 END AS grade FROM erasedAccess
),
gone AS (
  SELECT s.session, min(e.grade) AS grade, arg_min({"at": r."at", deed: r.deed}, (coalesce(e.grade, 4), r."at", r.accessId)) AS act, min(e.doubt) AS doubt,
    min(e.deletedAt) AS deletedAt, min(e.deleteBy) AS deleteBy, min(e.party) FILTER (e.reason = 'after-erasure') AS party,
    list_sort(list(DISTINCT {kind: 'recording', id: e.recordingId})) || coalesce(list_sort(list(DISTINCT {kind: 'request', id: e.requestId}) FILTER (e.requestId IS NOT NULL AND e.reason IS NOT DISTINCT FROM 'after-erasure')), []) AS evidence
  FROM graded e JOIN accessSession s ON s.access = e.access JOIN accessRow r ON r.rowid = e.access GROUP BY s.session
),
excused AS (
  SELECT s.session, list_sort(list(DISTINCT {kind: x.kind, id: x.id})) AS contrary
  FROM accessExcuse x JOIN accessSession s ON s.access = x.access WHERE x.kind = 'hold' GROUP BY s.session
),
coded AS (
  SELECT v.* REPLACE (coalesce(g.act."at", v."at") AS "at", d.packKey AS packKey, d.actor AS actor, d.onBehalfOf AS onBehalfOf, d.purpose AS purpose), g.grade, g.deletedAt, g.deleteBy, g.party AS eraser, g.evidence AS proof,
    CASE WHEN v.action = 'delete' THEN 'deletion' WHEN g.grade = 1 THEN 'after-deletion' WHEN g.grade = 2 THEN 'after-erasure' WHEN g.grade = 3 THEN 'past-delete-by'
      WHEN g.doubt IS NOT NULL THEN g.doubt WHEN x.problem IS NOT NULL THEN x.problem WHEN v.contactId IS NULL THEN 'no-known-recording' END AS reason
  FROM accessUnit v LEFT JOIN gone g ON g.session = v.session JOIN accessDeed d ON d.rowid = coalesce(g.act.deed, v.deed) LEFT JOIN troubledSession x ON x.session = v.session
),
trail AS (
  SELECT a.session, count(*) AS accesses, max(a."at") AS ends, list({kind: 'access', id: r.accessId} ORDER BY a."at", r.accessId) AS evidence
  FROM (FROM accessSession SEMI JOIN (SELECT session FROM gone UNION ALL SELECT session FROM troubledSession WHERE problem IS NOT NULL) s USING (session)) a JOIN accessRow r ON r.rowid = a.access GROUP BY a.session HAVING count(*) > 1
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, CASE WHEN v.reason = 'after-erasure' THEN v.eraser END AS party, v.staff,
  CASE WHEN v.reason IS NULL THEN 'pass' WHEN v.reason IN ('deletion', 'no-known-recording') THEN 'notApplicable'
    WHEN v.reason IN ('after-deletion', 'after-erasure', 'past-delete-by') THEN 'fail' ELSE 'unverifiable' END AS outcome,
  v.reason, CASE WHEN v.reason = 'past-delete-by' THEN 'high' END AS severity, CASE WHEN v.reason IN ('after-deletion', 'after-erasure', 'past-delete-by') THEN v.person END AS cause, CASE WHEN v.reason IS NOT NULL THEN v.packKey END AS packKey, CASE WHEN v.reason = 'after-erasure' THEN 'retention' END AS ruleRef, NULL AS law,
  CASE WHEN v.reason NOT IN ('deletion', 'no-known-recording') THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) || coalesce(v.proof, []) END AS evidence,
  CASE WHEN v.reason IN ('after-deletion', 'after-erasure', 'past-delete-by') THEN x.contrary END AS contrary, NULL AS searched,
  CASE WHEN v.reason NOT IN ('deletion', 'no-known-recording') THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends,
    deletedAt: v.deletedAt, deleteBy: v.deleteBy}) END AS details
FROM coded v
LEFT JOIN excused x ON x.session = v.session
LEFT JOIN trail t ON t.session = v.session
ORDER BY unit
