-- Every (name, time) at which a record speaks of a customer, where identity knows the name:
-- one person, or ambiguous where a telephone number belongs to two persons at that time.
WITH used AS (
  SELECT p.party.id AS name, c.startedAt AS "at" FROM contact c, unnest(c.parties) AS p(party)
  UNION SELECT subject, "at" FROM consent
  UNION SELECT givenBy, "at" FROM consent WHERE givenBy IS NOT NULL
  UNION SELECT partyId, "at" FROM event WHERE partyId IS NOT NULL
  UNION SELECT partyId, "at" FROM turn
  UNION SELECT partyId, "at" FROM signal
  UNION SELECT subject, "at" FROM decision
  UNION SELECT subject, receivedAt FROM request
  UNION SELECT s.subject, h."from" FROM hold h, unnest(h.subjects) AS s(subject)
  UNION SELECT s.subject, g."from" FROM "grant" g, unnest(g.subjects) AS s(subject)
  UNION SELECT s.subject, a."from" FROM assignment a, unnest(a.subjects) AS s(subject)
  UNION SELECT s.subject, st.employedFrom FROM staff st, unnest(st.subjectIds) AS s(subject)
)
SELECT u.name, u."at", min(n.person) AS person, count(DISTINCT n.person) > 1 AS ambiguous
FROM used u JOIN personName n ON n.name = u.name
  AND (n."from" IS NULL OR n."from" <= u."at") AND (n.until IS NULL OR u."at" < n.until)
GROUP BY u.name, u."at"
ORDER BY u.name, u."at"
