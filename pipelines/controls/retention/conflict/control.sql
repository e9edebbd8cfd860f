WITH judged AS (
  SELECT t.*, CASE
    WHEN t.keepUntil > t.deleteBy THEN 'keep-outlasts-ceiling'
    WHEN t.doubt <> 'no-policy' AND t.perhapsKeepUntil > t.perhapsDeleteBy THEN t.doubt
    WHEN t.keepUntil IS NULL OR t.deleteBy IS NULL THEN 'one-sided' END AS reason
  FROM retentionTerm t
  UNION ALL BY NAME
  SELECT id AS recordingId, contactId, 'conflicting-records' AS reason FROM conflict WHERE kind = 'recording'
)
SELECT recordingId AS unit, startedAt AS "at", contactId, recordingId, NULL AS party, NULL AS staff,
  CASE reason WHEN 'keep-outlasts-ceiling' THEN 'fail' WHEN 'one-sided' THEN 'notApplicable' ELSE CASE WHEN reason IS NULL THEN 'pass' ELSE 'unverifiable' END END AS outcome,
  reason, NULL AS severity, keepRule || ' against ' || deleteRule AS cause, packKey, 'retention.' || keepRule AS ruleRef, NULL AS law,
  CASE WHEN reason = 'keep-outlasts-ceiling' THEN list_filter([{kind: 'recording', id: recordingId}, {kind: 'contact', id: contactId}], lambda x: x.id IS NOT NULL) END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN reason = 'keep-outlasts-ceiling' THEN to_json({keepUntil: keepUntil, keepRule: keepRule, keepCitation: keepCitation,
    deleteBy: deleteBy, deleteRule: deleteRule, deleteCitation: deleteCitation, deletedAt: deletedAt}) END AS details
FROM judged
ORDER BY unit
