-- Requests that stand against deleting a recording, of a customer or third party on its contact: access and objection while
-- they are open, restriction until it is lifted unless refused, erasure while nobody has decided it. Any purpose counts, and
-- so do doubtful names and requests of which no version can be used: nothing is deleted in doubt.
WITH contested AS (
  SELECT DISTINCT s.id AS requestId, coalesce(n.person, s.subject) AS person
  FROM conflict x JOIN stored_request s ON x.kind = 'request' AND s.id = x.id LEFT JOIN personName n ON n.name = s.subject
),
standing AS (
  SELECT q.requestId, q.type, m.person
  FROM requestDecided q JOIN requestPerson m ON m.requestId = q.requestId
  WHERE CASE q.type WHEN 'restriction' THEN q.liftedAt IS NULL AND q.outcome IS DISTINCT FROM 'refused'
    WHEN 'erasure' THEN q.outcome IS NULL
    ELSE q.completedAt IS NULL AND q.liftedAt IS NULL END
  UNION ALL
  SELECT requestId, 'contradictory', person FROM contested
)
SELECT c.contactId, s.requestId, s.type FROM standing s JOIN contactPerson c ON c.person = s.person
UNION
-- The very name that the contact has, though it was nobody's when the request came: a number that was given up, say.
SELECT c.contactId, s.requestId, s.type FROM standing s JOIN contactPerson c ON c.party = s.person
