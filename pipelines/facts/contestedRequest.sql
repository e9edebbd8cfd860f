-- Versions of requests that contradict one another, so that none counts and each may be right, with the person each speaks of.
SELECT DISTINCT s.id AS requestId, coalesce(n.person, s.subject) AS person, s.type, s.outcome, s.purposes, s.receivedAt, s.completedAt, s.liftedAt
FROM conflict x JOIN stored_request s ON s.id = x.id LEFT JOIN personName n ON n.name = s.subject
WHERE x.kind = 'request'
