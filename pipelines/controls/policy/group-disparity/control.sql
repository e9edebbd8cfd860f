-- Customer groups whose outcomes differ from the rest on like cases (Cochran-Mantel-Haenszel without correction).
WITH stratumTable AS (
  -- Pooled and stratified side by side; cells below the policy's suppressBelow are not shown.
  SELECT c.packKey, c.policy, c.startsAt, c.attribute, c.value,
    list({alike: m.likeValues, rule: m.rule,
      cases: CASE WHEN c.cases >= s.suppressBelow THEN c.cases END, favourable: CASE WHEN c.favourable >= s.suppressBelow AND c.cases >= s.suppressBelow THEN c.favourable END,
      restCases: CASE WHEN c.restCases >= s.suppressBelow THEN c.restCases END, restFavourable: CASE WHEN c.restFavourable >= s.suppressBelow AND c.restCases >= s.suppressBelow THEN c.restFavourable END}
      ORDER BY c.cases + c.restCases DESC, c.stratum)[1:20] AS strata
  FROM groupCell c
  JOIN statisticsSetting s ON s.packKey = c.packKey
  JOIN likeCaseStratum m ON m.stratum = c.stratum
  JOIN (SELECT packKey, policy, startsAt, attribute, value FROM groupDisparity WHERE outcome = 'fail') f
    ON f.packKey = c.packKey AND f.policy = c.policy AND f.startsAt = c.startsAt AND f.attribute = c.attribute AND f.value = c.value
  WHERE c.restCases > 0
  GROUP BY c.packKey, c.policy, c.startsAt, c.attribute, c.value
)
SELECT
  d.packKey || '|' || d.policy || '|' || d.attribute || '|' || d.value || '|' || strftime(d.startsAt, '%Y-%m-%d') AS unit,
  d.startsAt AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  d.outcome,
  d.reason,
  NULL AS severity,
  CASE WHEN d.outcome = 'fail' THEN d.attribute || ' ' || d.value END AS cause,
  d.packKey,
  'statistics.fdr' AS ruleRef,
  NULL AS law, NULL AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN d.outcome = 'fail' THEN
    json_object('policy', d.policy, 'attribute', d.attribute, 'group', d.value, 'period', s.period, 'startsAt', d.startsAt, 'strataCompared', d.strata,
      'cases', d.cases, 'favourable', d.favourable, 'rate', printf('%.1f', 100.0 * d.favourable / d.cases),
      'restCases', d.restCases, 'restFavourable', d.restFavourable, 'restRate', printf('%.1f', 100.0 * d.restFavourable / d.restCases),
      'test', d.method, 'statistic', d.statistic, 'p', d.p, 'q', d.q, 'fdr', s.fdr, 'groupsTested', d.tests,
      -- No single number where strata disagree.
      'oddsRatio', CASE WHEN d.reason = 'differs' THEN d.odds END, 'oddsRatioLower', CASE WHEN d.reason = 'differs' THEN d.oddsLower END, 'oddsRatioUpper', CASE WHEN d.reason = 'differs' THEN d.oddsUpper END,
      'impactRatio', CASE WHEN d.reason = 'differs' THEN d.impact END, 'impactRatioLower', CASE WHEN d.reason = 'differs' THEN d.impactLower END, 'impactRatioUpper', CASE WHEN d.reason = 'differs' THEN d.impactUpper END,
      'homogeneityP', d.homogeneityP, 'pooledOddsRatio', d.pooledOdds, 'pooledP', d.pooledP, 'paradox', d.paradox, 'strata', t.strata) END AS details
FROM groupDisparity d JOIN statisticsSetting s ON s.packKey = d.packKey
LEFT JOIN stratumTable t ON t.packKey = d.packKey AND t.policy = d.policy AND t.startsAt = d.startsAt AND t.attribute = d.attribute AND t.value = d.value
ORDER BY unit
