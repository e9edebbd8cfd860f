-- Items of evidence by the purpose that they grant to a recorded outsider, without those that a no ended for good (fine print 5)
-- and those that a no in force overrules (`item` is the rowid in consentItem): only a later express yes counts against it. `late`: not in
-- time even where `opening` helps; `afterwards`: not in time where it does not.
WITH granted AS (
  SELECT 'recording' AS purpose, NULL AS level, i.rowid AS item, i.*
  FROM consentItem i
  WHERE list_contains(i.purposes, 'recording') OR list_contains(i.purposes, '*')
  UNION ALL
  SELECT a.purpose, a.level, i.rowid, i.*
  FROM askedPurpose a JOIN consentItem i ON i.outsider = a.outsider
  WHERE a.serves AND a.level IN ('notice', 'express') AND a.purpose <> 'recording'
    AND (list_contains(i.purposes, a.purpose) OR list_contains(i.purposes, '*'))
),
ended AS (
  SELECT DISTINCT g.outsider, g.purpose, g.kind, g.id
  FROM granted g JOIN purposeRefusal n ON n.outsider = g.outsider AND n.purpose = g.purpose
  WHERE NOT n.ambiguous
    AND ((g."at" <= n."at" AND n."at" <= g.firstExposed)
      OR n."at" = g."at"
      OR (NOT g.express AND n."at" <= g."at" AND (n.endedAt IS NULL OR n.endedAt > g."at")))
)
SELECT g.item, g.outsider, g.purpose, g.level, g.recordingNumber, g.kind, g.id, g.form, g."at", g.ambiguous OR (g.early AND g.afterwards AND coalesce(o.doubtful, false)) AS ambiguous, g.stands, g.toneMet, g.inside, g.expired, g.lastExposed,
  g.afterwards, g.afterwards AND NOT (g.early AND (o.id IS NULL OR o.doubtful)) AS late
FROM granted g
ANTI JOIN ended e USING (outsider, purpose, kind, id)
LEFT JOIN spokenOver o ON o.outsider = g.outsider AND o.kind = g.kind AND o.id = g.id
