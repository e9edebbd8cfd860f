WITH began AS (
  SELECT min("at") AS "at" FROM gateAnswer
),
asked AS (
  SELECT r.id, max({"at": g."at", decision: g.decision, validUntil: g.validUntil}) AS answer,
    bool_or(g.decision = 'delete' AND r.deletedAt <= g.validUntil) AS allowed
  FROM recording r JOIN gateAnswer g ON g.uri = r.uri AND g."at" <= r.deletedAt AND (r.versionId IS NULL OR g.versionId IS NULL OR g.versionId = r.versionId)
  GROUP BY r.id
),
judged AS (
  SELECT r.id AS recordingId, r.contactId, r.startedAt, r.deletedAt, r.uri, a.answer,
    CASE WHEN r.deletedAt IS NULL THEN 'not-deleted' WHEN b."at" IS NULL OR r.deletedAt < b."at" THEN 'before-the-gate' WHEN r.uri IS NULL THEN 'no-object'
      WHEN a.id IS NULL THEN 'no-answer' WHEN a.answer.decision <> 'delete' THEN 'not-allowed' WHEN NOT a.allowed THEN 'answer-expired' END AS reason
  FROM recording r CROSS JOIN began b LEFT JOIN asked a ON a.id = r.id
  UNION ALL BY NAME
  SELECT id AS recordingId, contactId, 'conflicting-records' AS reason FROM conflict WHERE kind = 'recording'
)
SELECT recordingId AS unit, coalesce(deletedAt, startedAt) AS "at", contactId, recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason IN ('no-answer', 'not-allowed', 'answer-expired') THEN 'fail' WHEN reason = 'conflicting-records' THEN 'unverifiable' ELSE 'notApplicable' END AS outcome,
  reason, NULL AS severity, split_part(uri, '/', 1) || '//' || split_part(uri, '/', 3) AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN reason IN ('no-answer', 'not-allowed', 'answer-expired') THEN [{kind: 'recording', id: recordingId}] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN reason IN ('no-answer', 'not-allowed', 'answer-expired') THEN to_json({deletedAt: deletedAt, object: uri, answeredAt: answer."at", decision: answer.decision, validUntil: answer.validUntil}) END AS details
FROM judged
ORDER BY unit
