SELECT kind || '|' || id AS unit, "at", contactId, NULL AS recordingId, subject AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason IN ('not-in-force', 'version-unlisted') THEN 'fail' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, 'notice ' || coalesce(noticeId, 'unnamed') || ' ' || noticeVersion AS cause, packKey, 'consent.notices' AS ruleRef, NULL AS law,
  CASE WHEN reason IS NOT NULL THEN [{kind: kind, id: id}] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN reason IS NOT NULL THEN to_json({notice: noticeId, version: noticeVersion, versionsInForce: coalesce(nullif(array_to_string(versionsInForce, ', '), ''), 'none')}) END AS details
FROM noticeVersionUse
ORDER BY unit
