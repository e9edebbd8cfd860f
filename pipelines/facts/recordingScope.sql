-- Which rules a recording stands under, named so that recordings under the same rules share one scope:
-- pack, epoch of the law and the rows considered (`unknown` for outsiders of unknown or weakly known place),
-- or, for text, the level that the policy asks of the channel. NULL: no pack was in force.
WITH considered AS (
  SELECT recordingNumber, any_value(packKey) AS packKey, any_value(epoch) AS epoch,
    list_sort(list_distinct(flatten(list(CASE
      WHEN NOT isOutsider THEN [jurisdiction]
      WHEN jurisdiction IS NULL THEN ['unknown']
      WHEN weak THEN [jurisdiction, 'unknown']
      ELSE [jurisdiction]
    END)))) AS jurisdictions,
    count(*) FILTER (NOT isOutsider AND jurisdiction IS NULL) AS leftOut
  FROM consideredPlace
  GROUP BY recordingNumber
)
SELECT s.rowid AS recordingNumber, s.recordingId, s.packKey, c.epoch, c.jurisdictions, coalesce(c.leftOut, 0) AS leftOut,
  s.packKey || '|' || c.epoch || '|' || array_to_string(c.jurisdictions, ',') AS lawScope,
  CASE WHEN s.medium = 'text' THEN 'text|' || s.packKey || '|' || coalesce(t.level, 'unnamed')
    ELSE s.packKey || '|' || c.epoch || '|' || array_to_string(c.jurisdictions, ',') END AS scope
FROM recordingSpan s
LEFT JOIN considered c ON c.recordingNumber = s.rowid
LEFT JOIN packText t ON t.packKey = s.packKey AND t.channel = s.channel
