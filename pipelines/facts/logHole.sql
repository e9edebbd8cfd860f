-- Numbers that are missing in a log that numbers its lines; a line whose record is in conflict, or that
-- another source delivered too, counts as there.
WITH numbered AS (
  SELECT sourceId AS source, coalesce("source", '') AS log, sequence, "at" FROM access WHERE sequence IS NOT NULL
  UNION ALL
  SELECT o.source, coalesce(s."source", ''), s.sequence, s."at"
  FROM excluded x JOIN stored_access s ON x.kind = 'access' AND s.rowid = x."row" JOIN object o ON o.objectNumber = s.objectNumber
  WHERE x."class" IN ('duplicate', 'superseded', 'conflicting') AND s.sequence IS NOT NULL
),
step AS (
  SELECT source, log, sequence, "at", lag(sequence) OVER w AS before, lag("at") OVER w AS beforeAt
  FROM (SELECT source, log, sequence, min("at") AS "at" FROM numbered GROUP BY source, log, sequence)
  WINDOW w AS (PARTITION BY source, log ORDER BY sequence)
)
SELECT source, log, before + 1 AS "first", sequence - 1 AS "last", beforeAt AS "from", "at" AS until FROM step WHERE sequence > before + 1
