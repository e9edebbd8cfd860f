SELECT unit, firstExposed AS "at", contactId, recordingId, party, staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason IN ('never-acknowledged', 'acknowledged-later') THEN 'fail' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, coalesce(staff, party) AS cause, packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN reason IS NOT NULL THEN list_filter([{kind: 'recording', id: recordingId}, {kind: 'contact', id: contactId}, {kind: 'staff', id: staff}], lambda x: x.id IS NOT NULL) END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN reason IS NOT NULL THEN to_json({acknowledgedAt: replace(acknowledgedAt::VARCHAR, ' ', 'T') || 'Z'}) END AS details
FROM recordedStaff
ORDER BY unit
