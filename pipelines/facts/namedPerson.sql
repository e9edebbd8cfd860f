-- Whom a scope, a request or a staff record means by the name of a customer, as names stood then: one person, or each of
-- several, marked doubtful. A name that identity does not know is its own person.
WITH used AS (
  SELECT subject AS name, receivedAt AS "at" FROM request
  UNION SELECT unnest(subjects), "from" FROM hold
  UNION SELECT unnest(subjects), "from" FROM "grant"
  UNION SELECT unnest(subjects), "from" FROM assignment
  UNION SELECT unnest(subjectIds), employedFrom FROM staff
),
candidate AS (
  SELECT DISTINCT u.name, u."at", coalesce(n.person, u.name) AS person
  FROM used u LEFT JOIN personName n ON n.name = u.name
    AND (n."from" IS NULL OR n."from" <= u."at") AND (n.until IS NULL OR u."at" < n.until)
)
SELECT name, "at", person, count(*) OVER (PARTITION BY name, "at") > 1 AS doubtful FROM candidate
ORDER BY name, "at", person
