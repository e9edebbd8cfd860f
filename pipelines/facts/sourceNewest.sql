-- The newest dated record of each source that has to be fresh: by the time of what it speaks of or, where later, by when the
-- source wrote it; never later than as-of. NULL: none of its records says.
WITH fresh AS (
  SELECT id FROM source WHERE freshWithin IS NOT NULL
),
dated AS (
  SELECT sourceId, greatest(startedAt, endedAt, recordedAt) AS "at" FROM contact SEMI JOIN fresh f ON f.id = sourceId
  UNION ALL SELECT sourceId, greatest(startedAt, endedAt, recordedAt) FROM recording SEMI JOIN fresh f ON f.id = sourceId
  UNION ALL SELECT sourceId, greatest(seenAt, recordedAt) FROM storedObject SEMI JOIN fresh f ON f.id = sourceId
  UNION ALL SELECT sourceId, greatest("at", recordedAt) FROM consent SEMI JOIN fresh f ON f.id = sourceId
  UNION ALL SELECT sourceId, greatest("at", recordedAt) FROM event SEMI JOIN fresh f ON f.id = sourceId
  UNION ALL SELECT sourceId, greatest("at", recordedAt) FROM access SEMI JOIN fresh f ON f.id = sourceId
  UNION ALL SELECT sourceId, greatest("at", recordedAt) FROM decision SEMI JOIN fresh f ON f.id = sourceId
  UNION ALL SELECT sourceId, greatest("at", recordedAt) FROM review SEMI JOIN fresh f ON f.id = sourceId
  UNION ALL SELECT sourceId, greatest(createdAt, recordedAt) FROM "grant" SEMI JOIN fresh f ON f.id = sourceId
  UNION ALL SELECT sourceId, greatest(createdAt, recordedAt) FROM assignment SEMI JOIN fresh f ON f.id = sourceId
  UNION ALL SELECT sourceId, greatest(createdAt, recordedAt) FROM hold SEMI JOIN fresh f ON f.id = sourceId
  UNION ALL SELECT sourceId, greatest(receivedAt, completedAt, recordedAt) FROM request SEMI JOIN fresh f ON f.id = sourceId
  UNION ALL SELECT sourceId, recordedAt FROM staff SEMI JOIN fresh f ON f.id = sourceId
  UNION ALL SELECT sourceId, recordedAt FROM identity SEMI JOIN fresh f ON f.id = sourceId
  UNION ALL SELECT sourceId, recordedAt FROM transcript SEMI JOIN fresh f ON f.id = sourceId
  UNION ALL SELECT sourceId, greatest(least("to", run."asOf"), recordedAt) FROM coverage CROSS JOIN run SEMI JOIN fresh f ON f.id = sourceId
  -- What another source delivered too is no less fresh here.
  UNION ALL SELECT source, dated FROM deliveredAgain SEMI JOIN fresh f ON f.id = source
  -- What was purged from the store was delivered all the same.
  UNION ALL SELECT source, newest FROM purgedRecord SEMI JOIN fresh f ON f.id = source
)
SELECT sourceId AS source, count(*) AS records, max(CASE WHEN "at" > run."asOf" THEN run."asOf" ELSE "at" END) AS newest
FROM dated CROSS JOIN run GROUP BY sourceId
