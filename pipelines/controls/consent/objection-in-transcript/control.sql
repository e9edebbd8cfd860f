-- Transcripts of which no version can be used: what was said is not known.
WITH disputed AS (
  SELECT DISTINCT contactId FROM conflict WHERE kind = 'transcript'
),
transcribed AS (
  SELECT contactId FROM transcript UNION FROM disputed
),
unreflected AS (
  SELECT contactId, min({"at": "at", turn: turn, recordingId: recordingId, party: partyId, capturedUntil: capturedUntil, packKey: packKey}) AS words
  FROM spokenObjection WHERE NOT reflected GROUP BY contactId
),
recorded AS (
  SELECT u.contactId, min(u.firstExposed) AS firstExposed, arg_min(u.packKey, {t: u.firstExposed, k: u.packKey}) AS packKey, any_value(u.queue) AS queue, any_value(u.site) AS site, min(c.contested) AS contested
  FROM recordedOutsider u LEFT JOIN contestedUnit c ON c.outsider = u.rowid GROUP BY u.contactId
),
looked AS (
  SELECT DISTINCT r.contactId
  FROM recorded r JOIN unreflected x ON x.contactId = r.contactId
  JOIN coverageWindow w ON w.kind IN ('consent', 'objection') AND w."from" <= x.words."at" AND x.words."at" < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, r.queue)) AND (w.sites IS NULL OR list_contains(w.sites, r.site))
),
judged AS (
  SELECT t.contactId, c.startedAt, r.packKey, r.queue, r.contested, x.words,
    CASE WHEN r.contactId IS NULL THEN 'not-recorded' WHEN x.contactId IS NULL THEN CASE WHEN d.contactId IS NOT NULL THEN 'conflicting-transcripts' END
      WHEN r.contested IS NOT NULL THEN 'conflicting-records'
      WHEN k.contactId IS NULL THEN 'not-covered' ELSE 'unreflected' END AS reason
  FROM transcribed t
  LEFT JOIN contact c ON c.id = t.contactId
  LEFT JOIN recorded r ON r.contactId = t.contactId
  LEFT JOIN unreflected x ON x.contactId = t.contactId
  LEFT JOIN looked k ON k.contactId = t.contactId
  LEFT JOIN disputed d ON d.contactId = t.contactId
)
SELECT contactId AS unit, coalesce(words."at", startedAt) AS "at", contactId, words.recordingId AS recordingId, words.party AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason = 'unreflected' THEN 'fail' WHEN reason = 'not-recorded' THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, 'queue ' || queue AS cause, coalesce(words.packKey, packKey) AS packKey, 'consent.stopWithin' AS ruleRef, NULL AS law,
  CASE WHEN words IS NOT NULL AND reason IS NOT NULL THEN [{kind: 'recording', id: words.recordingId}, {kind: 'contact', id: contactId}] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN words IS NOT NULL AND reason IS NOT NULL THEN to_json({turn: words.turn, capturedUntil: replace(words.capturedUntil::VARCHAR, ' ', 'T') || 'Z', contested: contested}) END AS details
FROM judged
ORDER BY unit
