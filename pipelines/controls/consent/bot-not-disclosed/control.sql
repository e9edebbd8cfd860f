SELECT contactId AS unit, startedAt AS "at", contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason = 'not-disclosed' THEN 'fail' WHEN reason = 'not-required' THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, 'queue ' || queue AS cause, packKey, 'consent.botDisclosure' AS ruleRef, NULL AS law,
  CASE WHEN told THEN [{kind: 'contact', id: contactId}] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN told THEN to_json({places: array_to_string(places, ', '), bots: bots}) END AS details
FROM (SELECT *, reason IS NOT NULL AND reason <> 'not-required' AS told FROM botContact)
ORDER BY unit
