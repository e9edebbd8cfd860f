-- What each successful access to a contact of somebody who made a request was for: its own purpose, else the purposes of
-- the declared service. No row: nothing is said.
WITH asked AS (
  SELECT DISTINCT p.contactId FROM contactPerson p JOIN requestPerson q ON q.person = p.person
),
service AS (
  SELECT packKey, id, list_distinct(flatten(list(purposes))) AS purposes FROM packService WHERE purposes IS NOT NULL GROUP BY packKey, id
)
SELECT a.accessId, CASE WHEN a.purpose IS NOT NULL THEN [a.purpose] ELSE s.purposes END AS purposes
FROM accessAct a SEMI JOIN asked q ON q.contactId = a.contactId
LEFT JOIN service s ON s.packKey = a.packKey AND s.id = a.actor
WHERE a.outcome = 'success' AND (a.purpose IS NOT NULL OR a.actorKind IN ('service', 'audit') AND s.purposes IS NOT NULL)
