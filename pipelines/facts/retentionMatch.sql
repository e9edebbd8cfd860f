-- Which retention rules apply to a recording, by the pack in force when it began, with the ends that follow from each.
-- A rule's jurisdictions match the outsiders' places, a country its subdivisions (fine print 27). `doubt`: the records
-- cannot tell whether the rule applies or when it ends; its keep duty then perhaps never ends (infinity), its ceiling
-- perhaps lies as early as the recording's start allows. Calendar arithmetic is in UTC.
WITH candidate AS (
  SELECT s.rowid AS recordingNumber, s.contactId, NOT s.contactKnown AS contactUnknown, p.ordinal, p.id, p.jurisdictions, p."delete" AS ceiling, p.keep,
    NOT s.contactKnown AND (p.queues IS NOT NULL OR p.channels IS NOT NULL OR p.jurisdictions IS NOT NULL) AS unplaced,
    CASE p.anchor WHEN 'recordingStart' THEN s."from" WHEN 'recordingEnd' THEN s.ended
      WHEN 'contactStart' THEN s.contactStarted ELSE s.contactEnded END AS anchored,
    CASE WHEN p.anchor = 'contactStart' THEN '-infinity'::TIMESTAMP ELSE s."from" END AS earliest
  FROM recordingSpan s JOIN packRetention p ON p.packKey = s.packKey
  WHERE (p.media IS NULL OR list_contains(p.media, s.medium))
    AND (p.purposes IS NULL OR list_has_any(p.purposes, coalesce(s.purposes, [])))
    AND (p.queues IS NULL OR NOT s.contactKnown OR list_contains(p.queues, s.queue))
    AND (p.channels IS NULL OR NOT s.contactKnown OR list_contains(p.channels, s.channel))
),
place AS (
  SELECT c.recordingNumber, c.ordinal,
    bool_or(coalesce(list_has_any(c.jurisdictions, [y.jurisdiction, split_part(y.jurisdiction, '-', 1)]), false)) AS sure,
    bool_or(y.jurisdiction IS NULL OR list_contains(list_transform(c.jurisdictions, lambda j: split_part(j, '-', 1)), y.jurisdiction)) AS perhaps
  FROM candidate c JOIN party y ON y.contactId = c.contactId AND y.isOutsider
  WHERE c.jurisdictions IS NOT NULL
  GROUP BY c.recordingNumber, c.ordinal
),
matched AS (
  SELECT c.*, CASE WHEN c.unplaced THEN 'contact-unknown'
      WHEN c.jurisdictions IS NOT NULL AND NOT coalesce(l.sure, false) THEN 'place-unknown'
      WHEN c.anchored IS NULL AND c.contactUnknown THEN 'contact-unknown'
      WHEN c.anchored IS NULL THEN 'end-unknown' END AS doubt
  FROM candidate c LEFT JOIN place l ON l.recordingNumber = c.recordingNumber AND l.ordinal = c.ordinal
  WHERE c.jurisdictions IS NULL OR c.unplaced OR l.sure OR l.perhaps
)
SELECT recordingNumber, ordinal, id, doubt,
  anchored + keep AS keepUntil,
  CASE WHEN keep IS NOT NULL THEN coalesce(anchored + keep, 'infinity'::TIMESTAMP) END AS perhapsKeepUntil,
  anchored + ceiling AS deleteBy,
  CASE WHEN ceiling IS NOT NULL THEN coalesce(anchored, earliest) + ceiling END AS perhapsDeleteBy
FROM matched
