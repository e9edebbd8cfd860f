WITH worst AS (
  SELECT outsider, bool_or(continued AND ambiguous) AS maybe, bool_or(packKey IS NULL) AS unpoliced,
    min({"at": "at", kind: kind, id: id, says: says, stopBy: stopBy, capturedUntil: capturedUntil, packKey: packKey}) FILTER (continued AND NOT ambiguous) AS refusal
  FROM continuedCapture GROUP BY outsider
),
judged AS (
  SELECT u.unit, u.recordingId, u.party, u.contactId, coalesce(w.refusal.packKey, u.packKey) AS packKey, u.firstExposed, u.queue, w.refusal, d.contested,
    CASE WHEN d.doubt IS NOT NULL THEN d.doubt WHEN w.refusal IS NOT NULL THEN w.refusal.says WHEN w.maybe THEN 'ambiguous-person' WHEN w.unpoliced THEN 'no-policy' END AS reason
  FROM recordedOutsider u
  LEFT JOIN worst w ON w.outsider = u.rowid
  LEFT JOIN consentDoubt d ON d.outsider = u.rowid
  UNION ALL
  SELECT unit, recordingId, NULL, contactId, NULL, "at", NULL, NULL, contested, doubt FROM consentDoubt WHERE party IS NULL
)
SELECT unit, coalesce(refusal."at", firstExposed) AS "at", contactId, recordingId, party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason IN ('refused', 'withdrawn', 'objected') THEN 'fail' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, 'queue ' || queue AS cause, packKey, 'consent.stopWithin' AS ruleRef, NULL AS law,
  CASE WHEN reason IS NOT NULL THEN list_filter([{kind: 'recording', id: recordingId}, {kind: 'contact', id: contactId}, {kind: refusal.kind, id: refusal.id}], lambda x: x.id IS NOT NULL) END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN reason IS NOT NULL THEN to_json({said: refusal.says, saidAt: replace(refusal."at"::VARCHAR, ' ', 'T') || 'Z',
    stopBy: replace(refusal.stopBy::VARCHAR, ' ', 'T') || 'Z', capturedUntil: replace(refusal.capturedUntil::VARCHAR, ' ', 'T') || 'Z',
    overSeconds: epoch(refusal.capturedUntil) - epoch(refusal.stopBy), contested: contested}) END AS details
FROM judged
ORDER BY unit
