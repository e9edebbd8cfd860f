-- Whom a scope or a request means by the name of a customer, as names stood then: one person, or each of
-- several, marked doubtful. A name that identity does not know is its own person.
WITH used AS (
  SELECT subject AS name, receivedAt AS "at" FROM request
  UNION SELECT unnest(subjects), "from" FROM hold
  UNION SELECT unnest(subjects), "from" FROM "grant"
  UNION SELECT unnest(subjects), "from" FROM assignment
  UNION SELECT unnest(s.subjects), s."from" FROM stored_grant s JOIN conflict x ON x.kind = 'grant' AND x.id = s.id
  UNION SELECT unnest(s.subjects), s."from" FROM stored_assignment s JOIN conflict x ON x.kind = 'assignment' AND x.id = s.id
  UNION SELECT unnest(s.subjects), s."from" FROM stored_hold s JOIN conflict x ON x.kind = 'hold' AND x.id = s.id
),
-- Open ends as times: with comparisons alone the join is by name, not of each name with every other.
known AS (
  SELECT name, person, coalesce("from", '-infinity'::TIMESTAMP) AS "from", coalesce(until, 'infinity'::TIMESTAMP) AS until FROM personName
),
candidate AS (
  SELECT DISTINCT u.name, u."at", coalesce(n.person, u.name) AS person
  FROM used u LEFT JOIN known n ON n.name = u.name AND n."from" <= u."at" AND n.until > u."at"
)
SELECT name, "at", person, count(*) OVER (PARTITION BY name, "at") > 1 AS doubtful FROM candidate
ORDER BY name, "at", person
