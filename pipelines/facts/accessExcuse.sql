-- What allowed a recording to be still there when it was touched: a hold made by then, or a keep duty of the policy
-- then in force that had not run out. Only for accesses that something speaks against.
WITH act AS (
  SELECT x.access, x.recordingId, x.contactId, x."at", x.packKey, r.medium, r.purposes, r.startedAt, r.endedAt,
    c.queue, c.channel, c.startedAt AS contactStartedAt, c.endedAt AS contactEndedAt
  FROM accessRecording x JOIN recording r ON r.id = x.recordingId LEFT JOIN contact c ON c.id = x.contactId
),
-- Versions that contradict one another do not count, and may be right: each excuses in doubt.
version AS (
  SELECT id, "from", until, createdAt, recordingIds, contactIds, subjects, false AS disputed FROM hold
  UNION ALL
  SELECT s.id, s."from", s.until, s.createdAt, s.recordingIds, s.contactIds, s.subjects, true FROM stored_hold s JOIN conflict x ON x.kind = 'hold' AND x.id = s.id
),
heldId AS (
  SELECT h.id, 'recording' AS scope, unnest(h.recordingIds) AS "key", disputed FROM version h
  UNION ALL
  SELECT h.id, 'contact', unnest(h.contactIds), disputed FROM version h
),
heldName AS (
  SELECT h.id, h."from", unnest(h.subjects) AS name, disputed FROM version h
),
heldPerson AS (
  SELECT s.id, n.person, n.doubtful OR s.disputed AS doubtful
  FROM heldName s JOIN namedPerson n ON n.name = s.name AND n."at" = s."from"
),
held AS (
  SELECT a.access, a.recordingId, a."at", k.id, k.disputed AS doubtful FROM act a JOIN heldId k ON k.scope = 'recording' AND k."key" = a.recordingId
  UNION ALL
  SELECT a.access, a.recordingId, a."at", k.id, k.disputed FROM act a JOIN heldId k ON k.scope = 'contact' AND k."key" = a.contactId
  UNION ALL
  SELECT a.access, a.recordingId, a."at", s.id, p.doubtful OR s.doubtful FROM act a JOIN contactPerson p ON p.contactId = a.contactId JOIN heldPerson s ON s.person = p.person
  UNION ALL
  SELECT a.access, a.recordingId, a."at", h.id, h.disputed FROM act a JOIN version h ON h.recordingIds IS NULL AND h.contactIds IS NULL AND h.subjects IS NULL
),
-- A country's rule covers its subdivisions (fine print 27).
country AS (
  SELECT p.contactId, list(DISTINCT p.jurisdiction) || list(DISTINCT split_part(p.jurisdiction, '-', 1)) AS places
  FROM party p SEMI JOIN act a ON a.contactId = p.contactId
  WHERE p.isOutsider AND p.jurisdiction IS NOT NULL GROUP BY p.contactId
),
kept AS (
  SELECT a.access, a.recordingId, k.id, a."at",
    CASE k.anchor WHEN 'recordingStart' THEN a.startedAt WHEN 'recordingEnd' THEN coalesce(a.endedAt, a.contactEndedAt)
      WHEN 'contactStart' THEN a.contactStartedAt ELSE a.contactEndedAt END + k.keep AS keepUntil
  FROM act a JOIN packRetention k ON k.packKey = a.packKey AND k.keep IS NOT NULL
  LEFT JOIN country o ON o.contactId = a.contactId
  WHERE (k.media IS NULL OR list_contains(k.media, a.medium))
    AND (k.purposes IS NULL OR list_has_any(k.purposes, coalesce(a.purposes, [])))
    AND (k.queues IS NULL OR list_contains(k.queues, a.queue))
    AND (k.channels IS NULL OR list_contains(k.channels, a.channel))
    AND (k.jurisdictions IS NULL OR list_has_any(k.jurisdictions, coalesce(o.places, [])))
)
SELECT DISTINCT e.access, e.recordingId, 'hold' AS kind, e.id, e.doubtful
FROM held e JOIN version h ON h.id = e.id
WHERE h."from" <= e."at" AND (h.until IS NULL OR e."at" < h.until) AND h.createdAt <= e."at"
UNION ALL
-- A duty whose term cannot be reckoned (the end is not on record) has not run out.
SELECT DISTINCT access, recordingId, 'keep', id, false FROM kept WHERE keepUntil IS NULL OR "at" < keepUntil
