-- How long each recording must and may be kept: keepUntil is the latest of its keep duties, deleteBy the earliest of its
-- ceilings and of the date that it carries itself, each with the rule that decided. The bounds (perhaps…) also count the
-- rules in doubt: the truth lies between them, and `doubt` says why it is not known. A recording that began while no pack
-- was in force has only the date of its own.
WITH ruled AS (
  SELECT recordingId,
    max(keepUntil) FILTER (doubt IS NULL) AS keepUntil, arg_max({id: id, citation: citation}, keepUntil) FILTER (doubt IS NULL AND keepUntil IS NOT NULL) AS keepRule,
    min(deleteBy) FILTER (doubt IS NULL) AS ceiling, arg_min({id: id, citation: citation}, deleteBy) FILTER (doubt IS NULL AND deleteBy IS NOT NULL) AS ceilingRule,
    max(perhapsKeepUntil) AS perhapsKeepUntil, min(perhapsDeleteBy) AS perhapsCeiling,
    min(doubt) AS doubt, list_sort(list(id)) AS rules
  FROM (FROM retentionMatch ORDER BY recordingId, ordinal)
  GROUP BY recordingId
)
SELECT s.recordingId, s.contactId, s.packKey, s.queue, s.site, s."from" AS startedAt, r.deletedAt,
  u.keepUntil, u.keepRule.id AS keepRule, u.keepRule.citation AS keepCitation,
  least(u.ceiling, r.deleteBy) AS deleteBy,
  CASE WHEN r.deleteBy IS NOT NULL AND (u.ceiling IS NULL OR r.deleteBy <= u.ceiling) THEN 'deleteBy' ELSE u.ceilingRule.id END AS deleteRule,
  CASE WHEN r.deleteBy IS NOT NULL AND (u.ceiling IS NULL OR r.deleteBy <= u.ceiling) THEN 'the recording''s own date' ELSE u.ceilingRule.citation END AS deleteCitation,
  u.perhapsKeepUntil,
  CASE WHEN s.packKey IS NULL AND r.deleteBy IS NULL THEN '-infinity'::TIMESTAMP ELSE least(u.perhapsCeiling, r.deleteBy) END AS perhapsDeleteBy,
  CASE WHEN s.packKey IS NULL THEN 'no-policy' ELSE u.doubt END AS doubt,
  coalesce(u.rules, []) || CASE WHEN r.deleteBy IS NOT NULL THEN ['deleteBy'] ELSE [] END AS rules
FROM recordingSpan s
JOIN recording r ON r.id = s.recordingId
LEFT JOIN ruled u ON u.recordingId = s.recordingId
