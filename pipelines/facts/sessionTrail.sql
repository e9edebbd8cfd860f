-- The accesses of each session that has more than one, in order; a session without a row here is its one access.
SELECT s.sessionId, count(*) AS accesses, max(a."at") AS ends,
  list({kind: 'access', id: s.accessId} ORDER BY a."at", s.accessId) AS evidence
FROM accessSession s JOIN accessAct a ON a.accessId = s.accessId
WHERE s.sessionId IN (SELECT sessionId FROM accessSession WHERE accessId <> sessionId)
GROUP BY s.sessionId
