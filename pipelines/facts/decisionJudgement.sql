-- Each decision under a version in force, judged on the three things of which at most one is a finding:
-- over (beyond the decider's limit), contradiction (not among what the rule expects) and its approvals.
-- fires = the first of the numbered controls that applies (controls.md, policy 1 to 3; fine print 24).
WITH approved AS (
  SELECT decisionId, count(*) AS approvals,
    count(*) FILTER (validity = 'valid') AS valid, count(*) FILTER (validity = 'unknown') AS unknown,
    min(why) FILTER (validity = 'unknown') AS unknownWhy, arg_min(why, ordinal) FILTER (validity = 'invalid') AS invalidWhy
  FROM approvalValidity GROUP BY decisionId
),
judged AS (
  SELECT c.*,
    -- Authority concerns favourable outcomes only.
    CASE
      WHEN NOT c.favourable OR c.amount IS NULL OR NOT c.limited OR c.amount <= 0 THEN 'no'
      WHEN c.limitCurrency IS NOT NULL AND c.currency IS NULL THEN 'unknown'
      WHEN c.limitCurrency <> c.currency THEN 'unknown'
      WHEN c.staffDoubt IS NOT NULL THEN 'unknown'
      WHEN c.amount > c."limit" THEN 'yes'
      ELSE 'no'
    END AS over,
    CASE
      WHEN c.limitCurrency IS NOT NULL AND c.currency IS NULL THEN 'currency-unknown'
      WHEN c.limitCurrency <> c.currency THEN 'other-currency'
      ELSE c.staffDoubt
    END AS overDoubt,
    CASE
      WHEN NOT c.evaluated OR c.ruleError IS NOT NULL THEN 'unknown'
      WHEN c.expect IS NULL OR list_contains(c.expect, c.outcome) THEN 'no'
      WHEN c.favourable THEN 'favour'
      ELSE 'against'
    END AS contradiction,
    coalesce(a.approvals, 0) AS approvals,
    coalesce(a.valid, 0) AS valid,
    coalesce(a.unknown, 0) AS unknown,
    a.unknownWhy,
    a.invalidWhy
  FROM decisionContext c LEFT JOIN approved a ON a.decisionId = c.decisionId
  WHERE c.version IS NOT NULL
)
SELECT *,
  CASE
    WHEN approvals > 0 AND valid = 0 AND unknown = 0 AND (over = 'yes' OR contradiction = 'favour') THEN 'policy/approval-invalid'
    WHEN over = 'yes' AND approvals = 0 THEN 'policy/authority-exceeded'
    WHEN contradiction = 'against' OR (contradiction = 'favour' AND approvals = 0) THEN 'policy/outcome-contradicts-rule'
  END AS fires,
  -- Whether an approval was needed: yes, no, or unknown with the reason.
  CASE
    WHEN over = 'yes' OR contradiction = 'favour' THEN 'yes'
    WHEN over = 'unknown' OR (contradiction = 'unknown' AND favourable) THEN 'unknown'
    ELSE 'no'
  END AS need,
  CASE WHEN over = 'unknown' THEN overDoubt ELSE 'rule-not-evaluable' END AS needDoubt
FROM judged
ORDER BY decisionId
