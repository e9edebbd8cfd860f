-- Strata of like cases: decisions under one version that agree on everything the policy names in likeCase
-- and were matched by the same rule. outcomes = how many of each; disagreement = 1 - Σ p² (Gini), the chance
-- that two of them came out differently. Never an attribute that the policy compares.
WITH counted AS (
  SELECT policy, version, rule, likeValues, outcome, count(*) AS cases, min("at") AS firstAt, max({"at": "at", packKey: packKey}) AS last
  FROM decisionContext WHERE version IS NOT NULL
  GROUP BY policy, version, rule, likeValues, outcome
),
summed AS (
  SELECT policy, version, rule, likeValues, max(last).packKey AS packKey, sum(cases)::BIGINT AS cases, min(firstAt) AS firstAt, max(last)."at" AS lastAt,
    list({outcome: outcome, cases: cases} ORDER BY cases DESC, outcome) AS outcomes,
    sum(cases * cases)::DOUBLE AS squares
  FROM counted GROUP BY policy, version, rule, likeValues
)
SELECT row_number() OVER (ORDER BY policy, version, rule, likeValues) AS stratum,
  policy, version, rule, likeValues, packKey, cases, firstAt, lastAt, outcomes,
  round(1 - squares / (cases::DOUBLE * cases), 6) AS disagreement,
  ((cases::HUGEINT * cases - squares::HUGEINT) // 2)::BIGINT AS discordantPairs,
  len(outcomes) > 1 AS differing
FROM summed
