-- How long each recording must and may be kept: keepUntil is the latest of its keep duties, deleteBy the earliest of its
-- ceilings and of the date that it carries itself, each with the rule that decided. The bounds (perhaps…) also count the
-- rules in doubt: the truth lies between them, and `doubt` says why it is not known. A recording that began while no pack
-- was in force has only the date of its own.
WITH several AS (
  SELECT recordingNumber FROM retentionMatch GROUP BY recordingNumber HAVING count(*) > 1
),
-- Nearly every recording has one rule, and there is nothing to weigh. Of two that end together the first in the policy is named.
ruled AS (
  SELECT recordingNumber, CASE WHEN doubt IS NULL THEN keepUntil END AS keepUntil, CASE WHEN doubt IS NULL AND keepUntil IS NOT NULL THEN ordinal END AS keepRule,
    CASE WHEN doubt IS NULL THEN deleteBy END AS ceiling, CASE WHEN doubt IS NULL AND deleteBy IS NOT NULL THEN ordinal END AS ceilingRule,
    perhapsKeepUntil, perhapsDeleteBy AS perhapsCeiling, doubt, [id] AS rules
  FROM retentionMatch ANTI JOIN several USING (recordingNumber)
  UNION ALL
  SELECT recordingNumber, max(keepUntil) FILTER (doubt IS NULL), arg_max(ordinal, {until: keepUntil, first: -ordinal}) FILTER (doubt IS NULL AND keepUntil IS NOT NULL),
    min(deleteBy) FILTER (doubt IS NULL), arg_min(ordinal, {"by": deleteBy, first: ordinal}) FILTER (doubt IS NULL AND deleteBy IS NOT NULL),
    max(perhapsKeepUntil), min(perhapsDeleteBy), min(doubt), list_sort(list(id))
  FROM retentionMatch SEMI JOIN several USING (recordingNumber)
  GROUP BY recordingNumber
)
SELECT s.recordingId, s.contactId, s.contactKnown, s.packKey, s.queue, s.site, s."from" AS startedAt, s.deletedAt,
  u.keepUntil, k.id AS keepRule, k.citation AS keepCitation,
  least(u.ceiling, s.deleteBy) AS deleteBy,
  CASE WHEN s.deleteBy IS NOT NULL AND (u.ceiling IS NULL OR s.deleteBy <= u.ceiling) THEN 'deleteBy' ELSE c.id END AS deleteRule,
  CASE WHEN s.deleteBy IS NOT NULL AND (u.ceiling IS NULL OR s.deleteBy <= u.ceiling) THEN 'the recording''s own date' ELSE c.citation END AS deleteCitation,
  u.perhapsKeepUntil,
  CASE WHEN s.packKey IS NULL AND s.deleteBy IS NULL THEN '-infinity'::TIMESTAMP ELSE least(u.perhapsCeiling, s.deleteBy) END AS perhapsDeleteBy,
  CASE WHEN s.packKey IS NULL THEN 'no-policy' ELSE u.doubt END AS doubt,
  CASE WHEN s.deleteBy IS NULL THEN coalesce(u.rules, []) ELSE coalesce(u.rules, []) || ['deleteBy'] END AS rules
FROM recordingSpan s
LEFT JOIN ruled u ON u.recordingNumber = s.rowid
LEFT JOIN packRetention k ON k.packKey = s.packKey AND k.ordinal = u.keepRule
LEFT JOIN packRetention c ON c.packKey = s.packKey AND c.ordinal = u.ceilingRule
