-- Whom each request of a data subject speaks of; where the name was that of several persons then, each, marked doubtful.
SELECT q.id AS requestId, n.person, n.doubtful
FROM request q JOIN namedPerson n ON n.name = q.subject AND n."at" = q.receivedAt
ORDER BY q.id, n.person
