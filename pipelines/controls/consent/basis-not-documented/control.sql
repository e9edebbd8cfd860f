WITH judged AS (
  SELECT recordingId, contactId, "from" AS "at", queue, packKey, regimes, law, reason, unnamed, lawfulBasis, lawfulBasisAt FROM basisJudgement
  UNION ALL BY NAME
  SELECT s.recordingId, s.contactId, s."from" AS "at", s.queue, 'no-policy' AS reason FROM recordingSpan s
  WHERE s.packKey IS NULL AND s.medium <> 'text'
  UNION ALL BY NAME
  SELECT x.id AS recordingId, x.contactId, 'conflicting-records' AS reason FROM conflict x WHERE x.kind = 'recording'
)
SELECT recordingId AS unit, "at", contactId, recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason IN ('no-basis', 'retroactive') THEN 'fail' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, regimes || coalesce(', queue ' || queue, '') AS cause, packKey, 'consent.bases' AS ruleRef,
  CASE WHEN reason IS NOT NULL THEN law END AS law,
  CASE WHEN reason IS NOT NULL THEN list_filter([{kind: 'recording', id: recordingId}, {kind: 'contact', id: contactId}], lambda x: x.id IS NOT NULL) END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN reason IS NOT NULL THEN to_json({regimes: regimes, purposesWithoutBasis: unnamed, basis: lawfulBasis,
    setAt: CASE WHEN reason = 'retroactive' THEN coalesce(replace(lawfulBasisAt::VARCHAR, ' ', 'T') || 'Z', 'by the policy') END}) END AS details
FROM judged
ORDER BY unit
