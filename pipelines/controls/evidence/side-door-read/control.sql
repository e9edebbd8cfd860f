WITH judged AS (
  SELECT *, CASE WHEN actorKind IN ('service', 'audit') THEN 'declared-service' WHEN actorKind = 'anonymous' THEN 'decided-by:access/anonymous'
    WHEN applicationId IS NOT NULL THEN NULL WHEN problem IN ('target-disagrees', 'conflicting-records') THEN 'target-unclear'
    WHEN NOT covered THEN 'not-covered' ELSE 'no-application-access' END AS reason
  FROM storageRead
  UNION ALL BY NAME
  SELECT DISTINCT x.id AS accessId, 'conflicting-records' AS reason
  FROM conflict x JOIN stored_access a ON x.kind = 'access' AND a.id = x.id JOIN object o ON o.objectNumber = a.objectNumber JOIN source s ON s.id = o.source AND s.layer = 'storage'
)
SELECT accessId AS unit, "at", contactId, recordingId, NULL AS party, staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason = 'no-application-access' THEN 'fail' WHEN reason IN ('declared-service', 'decided-by:access/anonymous') THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, person AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN reason = 'no-application-access' THEN list_filter([{kind: 'access', id: accessId}, {kind: 'recording', id: recordingId}], lambda x: x.id IS NOT NULL) END AS evidence,
  NULL AS contrary, CASE WHEN reason = 'no-application-access' THEN [person] END AS searched,
  CASE WHEN reason IN ('no-application-access', 'not-covered') THEN to_json({actor: person, object: coalesce(recordingId, uri, contactId), action: action, matchWithin: matchWithin::VARCHAR, log: source}) END AS details
FROM judged
ORDER BY unit
