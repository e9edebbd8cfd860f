-- The closest pairs of each stratum in which outcomes differ: two cases decided differently that agree on most
-- of what the policy looks at (its declared facts and the amount). Of large strata the first eight cases of each
-- outcome are compared.
WITH member AS (
  SELECT k.stratum, k.decisionId, k."at", k.outcome, k.amount, d.facts, k.packKey, k.policy
  FROM decisionCase k JOIN decision d ON d.id = k.decisionId
  WHERE k.differing
  QUALIFY row_number() OVER (PARTITION BY k.stratum, k.outcome ORDER BY k."at", k.decisionId) <= 8
),
stated AS (
  SELECT m.stratum, m.decisionId, m."at", m.outcome, m.amount,
    list(n.name ORDER BY n.name) AS names,
    list(json_extract_string(m.facts, '/' || replace(replace(n.name, '~', '~0'), '/', '~1')) ORDER BY n.name) AS stated
  FROM member m LEFT JOIN policyFact n ON n.packKey = m.packKey AND n.policy = m.policy
  GROUP BY m.stratum, m.decisionId, m."at", m.outcome, m.amount
),
pair AS (
  SELECT a.stratum, a.decisionId AS firstId, b.decisionId AS secondId, a.outcome AS firstOutcome, b.outcome AS secondOutcome,
    a.amount AS firstAmount, b.amount AS secondAmount, a."at" AS firstAt, b."at" AS secondAt, a.names, a.stated AS firstStated, b.stated AS secondStated,
    list_filter(a.names, lambda name, i: a.stated[i] IS DISTINCT FROM b.stated[i]) AS differences
  FROM stated a JOIN stated b ON b.stratum = a.stratum AND a.outcome < b.outcome AND a.names IS NOT DISTINCT FROM b.names
)
SELECT *, len(differences) + (firstAmount IS DISTINCT FROM secondAmount)::INTEGER AS distance
FROM pair
QUALIFY row_number() OVER (PARTITION BY stratum ORDER BY len(differences) + (firstAmount IS DISTINCT FROM secondAmount)::INTEGER,
  abs(firstAmount - secondAmount) NULLS LAST, greatest(firstAt, secondAt) - least(firstAt, secondAt), firstId, secondId) <= 3
