SELECT unit, firstExposed AS "at", contactId, recordingId, party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason IN ('no-guardian', 'guardian-late', 'guardian-expired', 'guardian-form') THEN 'fail' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, 'queue ' || queue AS cause, packKey, 'consent' AS ruleRef, NULL AS law,
  CASE WHEN reason IS NOT NULL THEN list_filter([{kind: 'recording', id: recordingId}, {kind: 'contact', id: contactId}, {kind: 'consent', id: item.id}], lambda x: x.id IS NOT NULL) END AS evidence,
  NULL AS contrary, CASE WHEN reason IS NOT NULL THEN [party] END AS searched,
  CASE WHEN reason IS NOT NULL THEN to_json({form: item.form, evidenceAt: replace(item."at"::VARCHAR, ' ', 'T') || 'Z', contested: contested}) END AS details
FROM guardianConsent
ORDER BY unit
