-- What happened on the contacts of the rows that failed: one row an interval or moment, for the timeline picture.
-- person: the name at issue, masked later. until is NULL for moments and for what is still open.
WITH concerned AS (
  SELECT DISTINCT coalesce(j.contactId, r.contactId) AS contactId
  FROM failed j LEFT JOIN recording r ON r.id = j.recordingId
  WHERE coalesce(j.contactId, r.contactId) IS NOT NULL
),
item AS (
  SELECT p.contactId, 'party' AS lane, p.role AS label, p.party AS person, p."from" AS "from", p.until AS until, NULL AS recordingId
  FROM presence p SEMI JOIN concerned c ON c.contactId = p.contactId
  UNION ALL
  SELECT r.contactId, 'recording', 'capturing ' || r.medium, NULL, r.startedAt, coalesce(r.endedAt, c.endedAt), r.id
  FROM recording r JOIN contact c ON c.id = r.contactId SEMI JOIN concerned k ON k.contactId = r.contactId
  UNION ALL
  SELECT r.contactId, 'pause', 'paused', NULL, p.pause.startedAt, p.pause.endedAt, r.id
  FROM recording r SEMI JOIN concerned k ON k.contactId = r.contactId, unnest(r.pauses) AS p(pause)
  UNION ALL
  SELECT e.contactId, CASE WHEN e.type IN ('notice-played', 'tone-played') THEN 'notice' WHEN e.type = 'objection' THEN 'objection' ELSE 'event' END, e.type, e.partyId, e."at", e.until, NULL
  FROM event e SEMI JOIN concerned k ON k.contactId = e.contactId
  UNION ALL
  SELECT k.contactId, 'consent', s.status || ' (' || s.form || ')', s.subject, s."at", s.expiresAt, NULL
  FROM consent s JOIN concerned k ON k.contactId = s.contactId
  UNION ALL
  SELECT k.contactId, 'consent', s.status || ' (' || s.form || ', standing)', s.subject, s."at", s.expiresAt, NULL
  FROM consent s JOIN party p ON p.party = s.subject JOIN concerned k ON k.contactId = p.contactId
  WHERE s.contactId IS NULL
  UNION ALL
  SELECT d.contactId, 'decision', d.policy || ': ' || d.outcome, d.staff, d."at", NULL, NULL
  FROM decision d SEMI JOIN concerned k ON k.contactId = d.contactId
  UNION ALL
  SELECT r.contactId, 'access', a.action || CASE a.outcome WHEN 'success' THEN '' ELSE ' (' || a.outcome || ')' END, a.actor.id, a."at", NULL, r.id
  FROM access a JOIN recording r ON r.id = a.recordingId SEMI JOIN concerned k ON k.contactId = r.contactId
  UNION ALL
  SELECT r.contactId, 'deletion', 'deleted', NULL, r.deletedAt, NULL, r.id
  FROM recording r SEMI JOIN concerned k ON k.contactId = r.contactId WHERE r.deletedAt IS NOT NULL
)
SELECT * FROM item
WHERE "from" IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY contactId ORDER BY "from", lane, label, person, recordingId) <= 40
ORDER BY contactId, "from", lane, label, person, recordingId, until
