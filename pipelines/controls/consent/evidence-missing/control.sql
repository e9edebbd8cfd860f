SELECT id AS unit, "at", contactId, NULL AS recordingId, subject AS party, NULL AS staff,
  CASE WHEN shown THEN 'pass' ELSE 'fail' END AS outcome, CASE WHEN NOT shown THEN 'no-evidence' END AS reason, NULL AS severity,
  CASE WHEN NOT shown THEN 'source ' || source || ', form ' || form END AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN NOT shown THEN [{kind: 'consent', id: id}] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN NOT shown THEN to_json({consentId: id, form: form}) END AS details
FROM (SELECT *, capturedBy IS NOT NULL OR noticeVersion IS NOT NULL OR evidence.uri IS NOT NULL OR evidence.sha256 IS NOT NULL OR evidence.offsetSeconds IS NOT NULL AS shown
  FROM consent WHERE status = 'given')
ORDER BY unit
