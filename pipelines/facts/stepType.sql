-- Event types that some promise, step or policy asks about.
SELECT DISTINCT type FROM (
  SELECT unnest(before) AS type FROM packDecisionVersion
  UNION ALL SELECT unnest(deniedNeeds) FROM packDecisionVersion
  UNION ALL SELECT first FROM packStep
  UNION ALL SELECT "then" FROM packStep
  UNION ALL SELECT unnest(['identity-verified', 'account-disclosed', 'escalation-requested', 'escalated', 'follow-up-promised', 'follow-up-done'])
)
WHERE type IS NOT NULL
