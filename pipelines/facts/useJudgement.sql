-- What an outsider in a recording had granted of the purpose that it was used for, when it was used: never granted, withdrawn
-- before the use, or NULL where it was granted. Granted at any time before the use counts, in a form that the purpose's level accepts.
WITH asked AS (
  SELECT p.accessId, p."at", p.purpose, p.level, u.rowid AS outsider, u.recordingId, u.party, u.firstExposed, u.queue, u.site, u.person
  FROM purposeUse p JOIN recordedOutsider u ON u.recordingId = p.recordingId
  WHERE p.level IN ('notice', 'express') AND p.problem IS NULL
),
granted AS (
  SELECT a.accessId, a.purpose, a.outsider, a."at" AS usedAt, i.kind, i.id, i."at", i.express, i.ambiguous, coalesce(i.expiresAt <= a."at", false) AS expired
  FROM asked a JOIN consentItem i ON i.outsider = a.outsider
  WHERE i."at" <= a."at" AND (list_contains(i.purposes, a.purpose) OR list_contains(i.purposes, '*')) AND i.stands
    AND CASE a.level WHEN 'express' THEN i.form IN ('verbal', 'keypad', 'electronic', 'written') ELSE i.form <> 'tone' END
),
ended AS (
  SELECT g.accessId, g.purpose, g.outsider, g.kind, g.id, max({"at": n."at", kind: n.kind, id: n.id}) AS refusal
  FROM granted g JOIN purposeRefusal n ON n.outsider = g.outsider AND n.purpose = g.purpose
  WHERE NOT n.ambiguous
    AND ((g."at" <= n."at" AND n."at" <= g.usedAt) OR (NOT g.express AND n."at" <= g."at" AND (n.endedAt IS NULL OR n.endedAt > g."at")))
  GROUP BY ALL
),
summed AS (
  SELECT g.accessId, g.purpose, g.outsider,
    bool_or(e.id IS NULL AND NOT g.expired AND NOT g.ambiguous) AS good, bool_or(g.ambiguous) AS maybe,
    max(e.refusal) AS refusal, max({"at": g."at", kind: g.kind, id: g.id}) FILTER (g.expired) AS expired
  FROM granted g LEFT JOIN ended e USING (accessId, purpose, outsider, kind, id)
  GROUP BY ALL
),
doubtful AS (
  SELECT DISTINCT a.accessId, a.purpose, a.outsider
  FROM asked a JOIN purposeRefusal n ON n.outsider = a.outsider AND n.purpose = a.purpose
  WHERE n.ambiguous AND n."at" <= a."at"
),
looked AS (
  SELECT DISTINCT a.outsider
  FROM asked a JOIN coverageWindow w ON w.kind IN ('consent', 'notice-played') AND w."from" <= a.firstExposed AND a.firstExposed < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, a.queue)) AND (w.sites IS NULL OR list_contains(w.sites, a.site))
)
SELECT a.accessId, a.purpose, a.level, a.recordingId, a.party, a.person, s.refusal, s.expired,
  CASE
    WHEN d.doubt IS NOT NULL THEN d.doubt
    WHEN m.accessId IS NOT NULL THEN 'ambiguous-person'
    WHEN s.good THEN NULL
    WHEN s.maybe THEN 'ambiguous-person'
    WHEN s.refusal IS NOT NULL THEN 'withdrawn-before-use'
    WHEN s.expired IS NOT NULL THEN 'expired-before-use'
    WHEN k.outsider IS NULL THEN 'not-covered'
    ELSE 'never-granted'
  END AS reason
FROM asked a
LEFT JOIN summed s USING (accessId, purpose, outsider)
LEFT JOIN doubtful m USING (accessId, purpose, outsider)
LEFT JOIN consentDoubt d ON d.outsider = a.outsider
LEFT JOIN looked k ON k.outsider = a.outsider
