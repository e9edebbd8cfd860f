-- Which rules a recording stands under, named so that recordings under the same rules share one scope:
-- pack, epoch of the law and the rows considered (`unknown` for outsiders of unknown or weakly known place),
-- or, for text, the level that the policy asks of the channel. NULL: no pack was in force.
WITH considered AS (
  SELECT recordingNumber, any_value(epoch) AS epoch, coalesce(string_agg(CASE WHEN isOutsider AND jurisdiction IS NULL THEN 'unknown'
      WHEN isOutsider AND weak THEN jurisdiction || chr(31) || 'unknown' ELSE jurisdiction END, chr(31)), '') AS places,
    count(*) FILTER (NOT isOutsider AND jurisdiction IS NULL) AS leftOut
  FROM consideredPlace
  GROUP BY recordingNumber
),
-- The same few places meet again and again: they are put in order once.
met AS (
  SELECT places, list_sort(list_distinct(list_filter(string_split(places, chr(31)), lambda x: x <> ''))) AS jurisdictions FROM (SELECT DISTINCT places FROM considered)
),
named AS (
  SELECT d.packKey, d.epoch, d.places, m.jurisdictions, d.packKey || '|' || d.epoch || '|' || array_to_string(m.jurisdictions, ',') AS lawScope
  FROM (SELECT DISTINCT s.packKey, c.epoch, c.places FROM considered c JOIN recordingSpan s ON s.rowid = c.recordingNumber) d JOIN met m USING (places)
)
SELECT s.rowid AS recordingNumber, s.packKey, c.epoch, n.jurisdictions, coalesce(c.leftOut, 0) AS leftOut, n.lawScope,
  CASE WHEN s.medium = 'text' THEN 'text|' || s.packKey || '|' || coalesce(t.level, 'unnamed') ELSE n.lawScope END AS scope
FROM recordingSpan s
LEFT JOIN considered c ON c.recordingNumber = s.rowid
LEFT JOIN named n ON n.packKey = s.packKey AND n.epoch = c.epoch AND n.places = c.places
LEFT JOIN packText t ON t.packKey = s.packKey AND t.channel = s.channel
