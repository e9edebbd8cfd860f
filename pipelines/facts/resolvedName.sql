-- Every (name, time) at which a record speaks of a customer, where identity knows the name:
-- one person, or ambiguous where a telephone number belongs to two persons at that time.
WITH used AS (
  SELECT party.id AS name, "at" FROM (SELECT unnest(parties) AS party, startedAt AS "at" FROM contact)
  UNION ALL SELECT subject, "at" FROM consent
  UNION ALL SELECT givenBy, "at" FROM consent WHERE givenBy IS NOT NULL
  UNION ALL SELECT partyId, "at" FROM event WHERE partyId IS NOT NULL
  UNION ALL SELECT partyId, "at" FROM turn
  UNION ALL SELECT partyId, "at" FROM signal
  UNION ALL SELECT subject, "at" FROM decision
  UNION ALL SELECT subject, receivedAt FROM request
  UNION ALL SELECT s.subject, h."from" FROM hold h, unnest(h.subjects) AS s(subject)
  UNION ALL SELECT s.subject, g."from" FROM "grant" g, unnest(g.subjects) AS s(subject)
  UNION ALL SELECT s.subject, a."from" FROM assignment a, unnest(a.subjects) AS s(subject)
  UNION ALL SELECT s.subject, st.employedFrom FROM staff st, unnest(st.subjectIds) AS s(subject)
)
SELECT u.name, u."at", min(n.person) AS person, min(n.person) <> max(n.person) AS ambiguous
FROM used u JOIN personName n ON n.name = u.name
  AND (n."from" IS NULL OR n."from" <= u."at") AND (n.until IS NULL OR u."at" < n.until)
GROUP BY u.name, u."at"
ORDER BY u.name, u."at"
