WITH gone AS (
  SELECT s.sessionId, min(CASE e.reason WHEN 'after-deletion' THEN 1 WHEN 'after-erasure' THEN 2 WHEN 'past-delete-by' THEN 3 END) AS grade, min(e.doubt) AS doubt,
    min(e.deletedAt) AS deletedAt, min(e.deleteBy) AS deleteBy, min(e.party) FILTER (e.reason = 'after-erasure') AS party,
    list_sort(list(DISTINCT {kind: 'recording', id: e.recordingId})) || list_sort(list(DISTINCT {kind: 'request', id: e.requestId}) FILTER (e.requestId IS NOT NULL AND e.reason IS NOT DISTINCT FROM 'after-erasure')) AS evidence
  FROM erasedAccess e JOIN accessSession s ON s.accessId = e.accessId GROUP BY s.sessionId
),
excused AS (
  SELECT s.sessionId, list_sort(list(DISTINCT {kind: x.kind, id: x.id})) AS contrary
  FROM accessExcuse x JOIN accessSession s ON s.accessId = x.accessId WHERE x.kind = 'hold' GROUP BY s.sessionId
),
troubled AS (
  SELECT s.sessionId, min(a.problem) AS problem
  FROM accessAct a JOIN accessSession s ON s.accessId = a.accessId WHERE a.problem IS NOT NULL GROUP BY s.sessionId
),
coded AS (
  SELECT v.*, g.grade, g.deletedAt, g.deleteBy, g.party AS eraser, g.evidence AS proof,
    CASE WHEN v.action = 'delete' THEN 'deletion' WHEN g.grade = 1 THEN 'after-deletion' WHEN g.grade = 2 THEN 'after-erasure' WHEN g.grade = 3 THEN 'past-delete-by'
      WHEN g.doubt IS NOT NULL THEN g.doubt WHEN x.problem IS NOT NULL THEN x.problem WHEN v.contactId IS NULL THEN 'no-known-recording' END AS reason
  FROM accessUnit v LEFT JOIN gone g ON g.sessionId = v.sessionId LEFT JOIN troubled x ON x.sessionId = v.sessionId
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, CASE WHEN v.reason = 'after-erasure' THEN v.eraser END AS party, v.staff,
  CASE WHEN v.reason IS NULL THEN 'pass' WHEN v.reason IN ('deletion', 'no-known-recording') THEN 'notApplicable'
    WHEN v.reason IN ('after-deletion', 'after-erasure', 'past-delete-by') THEN 'fail' ELSE 'unverifiable' END AS outcome,
  v.reason, CASE WHEN v.reason = 'past-delete-by' THEN 'high' END AS severity, v.person AS cause, v.packKey, CASE WHEN v.reason = 'after-erasure' THEN 'retention' END AS ruleRef, NULL AS law,
  CASE WHEN v.reason NOT IN ('deletion', 'no-known-recording') THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) || coalesce(v.proof, []) END AS evidence,
  CASE WHEN v.reason IN ('after-deletion', 'after-erasure', 'past-delete-by') THEN x.contrary END AS contrary, NULL AS searched,
  CASE WHEN v.reason NOT IN ('deletion', 'no-known-recording') THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends,
    deletedAt: v.deletedAt, deleteBy: v.deleteBy}) END AS details
FROM coded v
LEFT JOIN excused x ON x.sessionId = v.sessionId
LEFT JOIN sessionTrail t ON t.sessionId = v.sessionId
ORDER BY unit
