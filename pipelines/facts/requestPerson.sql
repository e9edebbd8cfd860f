-- Whom each request of a data subject speaks of, as names stood when it was received. Where the name was that of several
-- persons then, each of them, marked doubtful.
SELECT DISTINCT q.id AS requestId, coalesce(n.person, q.subject) AS person, coalesce(r.ambiguous, false) AS doubtful
FROM request q
LEFT JOIN resolvedName r ON r.name = q.subject AND r."at" = q.receivedAt
LEFT JOIN personName n ON n.name = q.subject
  AND (n."from" IS NULL OR n."from" <= q.receivedAt) AND (n.until IS NULL OR q.receivedAt < n.until)
ORDER BY ALL
