SELECT contactId AS unit, coalesce(firstUncovered, startedAt) AS "at", contactId, recordingIds[1] AS recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason = 'incomplete' THEN 'fail'
    WHEN reason IN ('refused', 'decided-by:consent/recording-missing') THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, 'queue ' || queue AS cause, packKey, 'consent.mandatoryRecording' AS ruleRef, NULL AS law,
  CASE WHEN told THEN list_concat([{kind: 'contact', id: contactId}], [{kind: 'recording', id: r} FOR r IN coalesce(recordingIds, [])]) END AS evidence,
  CASE WHEN reason = 'ambiguous-person' THEN [{kind: refusal.kind, id: refusal.id}] END AS contrary, NULL AS searched,
  CASE WHEN told THEN to_json({queue: queue, togetherSeconds: together / 1000000, uncoveredSeconds: uncovered / 1000000,
    toleranceSeconds: epoch_us('epoch'::TIMESTAMP + tolerance) / 1000000, contested: contested}) END AS details
FROM (
  SELECT * REPLACE (CASE WHEN reason = 'missing' THEN 'decided-by:consent/recording-missing' ELSE reason END AS reason),
    reason IS NOT NULL AND reason NOT IN ('refused', 'missing') AS told
  FROM mandatoryContact
)
ORDER BY unit
