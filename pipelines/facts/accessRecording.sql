-- The recordings that each successful access touched, where something may speak against it: somebody on the contact made
-- a request, or deletedAt or deleteBy had passed. An access to a contact alone
-- touches all its recordings, be it one of them (oneOf) or more.
WITH asked AS (
  SELECT p.contactId FROM contactPerson p JOIN requestPerson q ON q.person = p.person
  UNION
  SELECT p.contactId FROM contactPerson p JOIN contestedRequest q ON q.person = p.person
),
concerned AS (
  SELECT r.id AS recordingId, r.contactId, q.contactId IS NOT NULL AS asked, least(r.deletedAt, r.deleteBy) AS gone
  FROM recording r LEFT JOIN asked q ON q.contactId = r.contactId
  WHERE q.contactId IS NOT NULL OR r.deletedAt IS NOT NULL OR r.deleteBy IS NOT NULL
),
touched AS (
  SELECT o.rowid::INTEGER AS object, c.*, false AS oneOf FROM accessObject o JOIN concerned c ON c.recordingId = o.recordingId
  WHERE o.problem IS DISTINCT FROM 'target-disagrees'
  UNION ALL
  SELECT o.rowid::INTEGER, c.*, true FROM accessObject o JOIN concerned c ON c.contactId = o.contactId WHERE o.recordingId IS NULL AND o.uri IS NULL
)
SELECT r.rowid::INTEGER AS access, t.recordingId, r."at", d.packKey, d.action, t.contactId, t.oneOf
FROM accessRow r JOIN touched t ON t.object = r.object AND (t.asked OR r."at" > t.gone) JOIN accessDeed d ON d.rowid = r.deed
WHERE d.outcome = 'success'
