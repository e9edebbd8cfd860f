-- Everything that a recorded outsider granted or was told, whatever for: one row for each item of evidence.
-- `inside`: on the recording's own contact, wholly while it was capturing. `stands`: not a standing consent in a form that cannot
-- stand (fine print 4). `early`: inside and within `opening` of the later of the recording's start and the party's joining.
-- `afterwards`: not at or before the first exposure, plus `grace`. `expired`: by the first exposure.
WITH said AS (
  SELECT outsider, kind, id, contactId, form, "at", "at" AS until, expiresAt, purposes, contactId IS NULL AS standing,
    contactId IS NOT NULL OR form IN ('electronic', 'written', 'contract') AS stands, express, ambiguous, NULL::BOOLEAN AS toneMet, NULL AS notice
  FROM boundStatement WHERE says = 'given'
  UNION ALL
  SELECT u.rowid AS outsider, 'event', h.id, h.contactId, 'announcement', h."at", h.until, NULL, h.purposes, false, true, false, h.ambiguous, NULL,
    h.noticeId || coalesce(' ' || h.noticeVersion, '')
  FROM recordedOutsider u JOIN noticeHeard h ON h.chain = u.chain AND h.person = u.person
  UNION ALL
  SELECT outsider, 'event', id, NULL, 'tone', "at", "at", NULL, ['recording'], false, true, false, ambiguous, met, NULL
  FROM toneTrain
),
placed AS (
  SELECT s.*, u.recordingNumber, u.firstExposed, u.lastExposed,
    s."at" > u.firstExposed + u.grace AS afterwards,
    coalesce(s.expiresAt <= u.firstExposed OR (s.standing AND s."at" + u.standingValidity < u.firstExposed), false) AS expired,
    s.form IN ('announcement', 'verbal') AND s."at" <= greatest(u.recordedFrom, u.joined) + u.opening AS soon,
    coalesce(s.contactId = u.contactId AND s."at" >= u.recordedFrom AND s."at" < u.recordedUntil AND s.until <= u.recordedUntil
      AND (r.pauses IS NULL OR len(list_filter(r.pauses, lambda p: p.startedAt < p.endedAt AND p.endedAt > s."at"
        AND (p.startedAt < s.until OR p.startedAt <= s."at"))) = 0), false) AS inside
  FROM said s JOIN recordedOutsider u ON u.rowid = s.outsider
  LEFT JOIN (SELECT rowid AS recordingNumber, pauses FROM recordingSpan WHERE len(pauses) > 0) r ON r.recordingNumber = u.recordingNumber
)
SELECT * EXCLUDE (soon), inside AND soon AS early FROM placed
