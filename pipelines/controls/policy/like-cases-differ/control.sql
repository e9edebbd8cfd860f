-- Strata of like cases in which outcomes differ, with the closest pairs side by side.
WITH paired AS (
  SELECT stratum,
    list({first: {decisionId: firstId, outcome: firstOutcome, amount: printf('%.2f', firstAmount), decidedAt: firstAt, facts: map_from_entries(list_zip(names, firstStated))},
          second: {decisionId: secondId, outcome: secondOutcome, amount: printf('%.2f', secondAmount), decidedAt: secondAt, facts: map_from_entries(list_zip(names, secondStated))},
          differences: differences} ORDER BY distance, firstId, secondId) AS pairs,
    list_sort(list_distinct(flatten(list([firstId, secondId])))) AS decisionIds
  FROM likePair GROUP BY stratum
),
judged AS (
  SELECT s.*, n.likeCase, p.pairs, p.decisionIds,
    CASE WHEN n.likeCase IS NULL OR len(n.likeCase) = 0 THEN 'nothing-to-compare'
         WHEN len(list_filter(s.likeValues, lambda value: value IS NOT NULL)) = 0 THEN 'attributes-missing'
         WHEN s.cases < 2 THEN 'single-case' END AS unfit
  FROM likeCaseStratum s
  LEFT JOIN paired p ON p.stratum = s.stratum
  LEFT JOIN (SELECT policy, version, max(likeCase) AS likeCase FROM versionPeriod GROUP BY policy, version) n ON n.policy = s.policy AND n.version = s.version
)
SELECT
  policy || '|' || version || '|' || coalesce(rule, '') || '|' || coalesce(to_json(likeValues)::VARCHAR, '') AS unit,
  lastAt AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  CASE WHEN unfit IS NOT NULL THEN 'notApplicable' WHEN differing THEN 'fail' ELSE 'pass' END AS outcome,
  CASE WHEN unfit IS NOT NULL THEN unfit WHEN differing THEN 'outcomes-differ' END AS reason,
  NULL AS severity,
  CASE WHEN unfit IS NULL AND differing THEN policy END AS cause,
  packKey,
  'decisions.' || policy || '.' || version || '.likeCase' AS ruleRef,
  NULL AS law,
  CASE WHEN unfit IS NULL AND differing THEN list_transform(decisionIds, lambda id: {kind: 'decision', id: id}) END AS evidence,
  NULL AS contrary,
  NULL AS searched,
  CASE WHEN unfit IS NULL AND differing THEN
    json_object('policy', policy, 'version', version, 'rule', rule, 'alike', map_from_entries(list_zip(likeCase, likeValues)), 'cases', cases, 'outcomes', outcomes,
      'spread', array_to_string(list_transform(outcomes, lambda one: one.outcome || ' ' || one.cases), ', '),
      'disagreement', disagreement, 'discordantPairs', discordantPairs, 'firstAt', firstAt, 'pairs', pairs) END AS details
FROM judged
ORDER BY unit
