-- Items of evidence by the purpose that they grant to a recorded outsider, without those that a no ended for good (fine print 5)
-- and those that a no in force overrules: only a later express yes counts against it. `late`: not in
-- time even where `opening` helps; `afterwards`: not in time where it does not.
WITH granted AS (
  SELECT a.purpose, a.level, i.*, i.early AND o.id IS NULL AS opened
  FROM consentItem i
  JOIN askedPurpose a ON a.recordingId = i.recordingId AND a.party = i.party AND (list_contains(i.purposes, a.purpose) OR list_contains(i.purposes, '*'))
  LEFT JOIN spokenOver o ON o.recordingId = i.recordingId AND o.party = i.party AND o.kind = i.kind AND o.id = i.id
),
ended AS (
  SELECT DISTINCT g.recordingId, g.party, g.purpose, g.kind, g.id
  FROM granted g JOIN purposeRefusal n ON n.recordingId = g.recordingId AND n.party = g.party AND n.purpose = g.purpose AND NOT n.ambiguous
  WHERE (g."at" <= n."at" AND n."at" <= g.firstExposed)
    OR n."at" = g."at"
    OR (NOT g.express AND n."at" <= g."at" AND (n.endedAt IS NULL OR n.endedAt > g."at"))
)
SELECT g.*, g.afterwards AND NOT g.opened AS late,
  coalesce(g.expiresAt <= g.firstExposed OR (g.standing AND g."at" + u.standingValidity < g.firstExposed), false) AS expired
FROM granted g
ANTI JOIN ended e USING (recordingId, party, purpose, kind, id)
JOIN recordedOutsider u ON u.recordingId = g.recordingId AND u.party = g.party
