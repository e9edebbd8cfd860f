-- One row for each party of each contact, with the person or staff member it was then.
WITH listed AS (
  SELECT c.id AS contactId, c.startedAt, unnest(c.parties) AS p, generate_subscripts(c.parties, 1) - 1 AS partyIndex
  FROM contact c
),
-- A role decides which of the two name lists is asked: the other key is NULL and never joins.
named AS (
  SELECT contactId, startedAt, p, partyIndex,
    CASE WHEN p.role IN ('agent', 'supervisor', 'expert') THEN p.id END AS staffKey,
    CASE WHEN p.role IN ('customer', 'thirdParty') THEN p.id END AS personKey
  FROM listed
),
staffThen AS (
  SELECT l.contactId, l.partyIndex, min(n.staff) AS staff, min(n.staff) <> max(n.staff) AS ambiguous
  FROM named l JOIN staffName n ON n.name = l.staffKey
  WHERE (n."from" IS NULL OR n."from" <= l.startedAt) AND (n.until IS NULL OR l.startedAt < n.until)
  GROUP BY l.contactId, l.partyIndex
)
SELECT
  l.contactId,
  l.partyIndex,
  l.p.id AS party,
  l.p.role AS role,
  l.personKey IS NOT NULL AS isOutsider,
  l.staffKey IS NOT NULL AS isStaff,
  l.p.role = 'bot' AS isBot,
  coalesce(r.person, l.p.id) AS person,
  coalesce(r.ambiguous, false) AS ambiguous,
  CASE WHEN s.ambiguous THEN NULL ELSE s.staff END AS staff,
  coalesce(s.ambiguous, false) AS staffAmbiguous,
  l.p.jurisdiction AS jurisdiction,
  l.p.jurisdictionSource AS jurisdictionSource,
  l.p.joinedAt AS joinedAt,
  l.p.leftAt AS leftAt,
  l.p.presence AS presence,
  l.p.segment AS segment,
  l.p.language AS language,
  l.p.minor AS minor
FROM named l
LEFT JOIN staffThen s ON s.contactId = l.contactId AND s.partyIndex = l.partyIndex
LEFT JOIN resolvedName r ON r.name = l.personKey AND r."at" = l.startedAt
ORDER BY l.contactId, l.partyIndex
