-- The recordings that each successful access touched, where something may speak against it: somebody on the contact made
-- a request, or deletedAt or deleteBy had passed. An access to a contact alone touches all its recordings.
WITH asked AS (
  SELECT DISTINCT p.contactId FROM contactPerson p JOIN requestPerson q ON q.person = p.person
),
concerned AS (
  SELECT r.id AS recordingId, r.contactId, q.contactId IS NOT NULL AS asked, least(r.deletedAt, r.deleteBy) AS gone
  FROM recording r LEFT JOIN asked q ON q.contactId = r.contactId
  WHERE q.contactId IS NOT NULL OR r.deletedAt IS NOT NULL OR r.deleteBy IS NOT NULL
),
touched AS (
  SELECT a.accessId, c.recordingId, a."at", a.packKey, a.action FROM accessAct a
  JOIN concerned c ON c.recordingId = a.recordingId AND (c.asked OR a."at" > c.gone)
  WHERE a.outcome = 'success' AND a.problem IS DISTINCT FROM 'target-disagrees'
  UNION ALL
  SELECT a.accessId, c.recordingId, a."at", a.packKey, a.action FROM accessAct a
  JOIN concerned c ON c.contactId = a.contactId AND (c.asked OR a."at" > c.gone)
  WHERE a.outcome = 'success' AND a.recordingId IS NULL AND a.uri IS NULL
)
SELECT t.*, r.contactId FROM touched t JOIN recording r ON r.id = t.recordingId
