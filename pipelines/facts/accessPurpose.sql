-- What each successful access to a contact of somebody who made a request was for: its own purpose, else the purposes of
-- the declared service. No row: nothing is said.
WITH asked AS (
  SELECT DISTINCT p.contactId FROM contactPerson p JOIN requestPerson q ON q.person = p.person
),
service AS (
  SELECT packKey, id, list_distinct(flatten(list(purposes))) AS purposes FROM packService WHERE purposes IS NOT NULL GROUP BY packKey, id
),
stated AS (
  SELECT d.rowid::INTEGER AS deed, CASE WHEN d.purpose IS NOT NULL THEN [d.purpose] ELSE s.purposes END AS purposes
  FROM accessDeed d LEFT JOIN service s ON s.packKey = d.packKey AND s.id = d.actor
  WHERE d.outcome = 'success' AND (d.purpose IS NOT NULL OR d.actorKind IN ('service', 'audit') AND s.purposes IS NOT NULL)
),
concerned AS (
  SELECT o.rowid::INTEGER AS object FROM accessObject o SEMI JOIN asked q ON q.contactId = o.contactId
)
SELECT r.rowid::INTEGER AS access, s.purposes
FROM accessRow r JOIN concerned c ON c.object = r.object JOIN stated s ON s.deed = r.deed
