-- When records of each log arrived: the accesses of a source, and for other sources that are given a maxSilence the time of
-- every dated record; what another source delivered too arrived here all the same.
WITH watched AS (
  SELECT id FROM source WHERE maxSilence IS NOT NULL
)
SELECT sourceId AS source, "at" FROM access
UNION ALL SELECT source, "at" FROM deliveredAgain WHERE kind = 'access'
UNION ALL SELECT source, "at" FROM deliveredAgain SEMI JOIN watched w ON w.id = source WHERE kind IN ('event', 'contact', 'recording', 'consent', 'decision', 'storedObject')
UNION ALL SELECT sourceId, "at" FROM event SEMI JOIN watched w ON w.id = sourceId
UNION ALL SELECT sourceId, startedAt FROM contact SEMI JOIN watched w ON w.id = sourceId
UNION ALL SELECT sourceId, startedAt FROM recording SEMI JOIN watched w ON w.id = sourceId
UNION ALL SELECT sourceId, "at" FROM consent SEMI JOIN watched w ON w.id = sourceId
UNION ALL SELECT sourceId, "at" FROM decision SEMI JOIN watched w ON w.id = sourceId
UNION ALL SELECT sourceId, seenAt FROM storedObject SEMI JOIN watched w ON w.id = sourceId
