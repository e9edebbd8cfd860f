-- Everything that a recorded outsider granted or was told, whatever for: one row for each item of evidence.
-- `inside`: on the recording's own contact, wholly while it was capturing. `stands`: not a standing consent in a form that
-- cannot stand (fine print 4). `early`: inside and within `opening` of the later of the recording's start and the party's joining.
WITH said AS (
  SELECT s.recordingId, s.party, s.kind, s.id, s.contactId, s.form, s."at", s."at" AS until, s.expiresAt, s.purposes,
    s.contactId IS NULL AS standing, s.contactId IS NOT NULL OR s.form IN ('electronic', 'written', 'contract') AS stands,
    s.express, s.ambiguous, NULL::BOOLEAN AS toneMet, NULL AS notice
  FROM boundStatement s WHERE s.says = 'given'
  UNION ALL
  SELECT u.recordingId, u.party, 'event', h.id, h.contactId, 'announcement', h."at", h.until, NULL, h.purposes, false, true, false, false, NULL,
    h.noticeId || coalesce(' ' || h.noticeVersion, '')
  FROM recordedOutsider u JOIN noticeHeard h ON h.chain = u.chain AND h.person = u.person
  UNION ALL
  SELECT t.recordingId, t.party, 'event', t.id, NULL, 'tone', t."at", t."at", NULL, ['recording'], false, true, false, false, t.met, NULL
  FROM toneTrain t
)
SELECT i.*,
  u.firstExposed, u.lastExposed, i."at" > u.firstExposed + u.grace AS afterwards,
  i.inside AND i.form IN ('announcement', 'verbal') AND i."at" <= greatest(u.recordedFrom, u.joined) + u.opening AS early
FROM (
  SELECT s.*,
    coalesce(s.contactId = r.contactId AND s."at" >= r."from" AND s."at" < r.until AND s.until <= r.until
      AND (r.pauses IS NULL OR len(list_filter(r.pauses, lambda p: p.startedAt < p.endedAt AND p.endedAt > s."at"
        AND (p.startedAt < s.until OR p.startedAt <= s."at"))) = 0), false) AS inside
  FROM said s JOIN recordingSpan r ON r.recordingId = s.recordingId
) i
JOIN recordedOutsider u ON u.recordingId = i.recordingId AND u.party = i.party
