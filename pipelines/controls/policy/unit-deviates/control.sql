-- Staff, teams and sites whose favourable outcomes differ from what their own case mix lets expect: beyond the
-- funnel after overdispersion, q <= fdr, and by a material ratio.
SELECT
  d.packKey || '|' || d.policy || '|' || d.attribute || '|' || d.unit || '|' || strftime(d.startsAt, '%Y-%m-%d') AS unit,
  d.startsAt AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party,
  CASE WHEN d.attribute = 'staff' THEN d.unit END AS staff,
  d.outcome,
  CASE WHEN d.outcome = 'fail' AND d.attribute = 'staff' THEN 'staff-' || d.reason ELSE d.reason END AS reason,
  NULL AS severity,
  CASE WHEN d.outcome = 'fail' THEN d.unit END AS cause,
  d.packKey,
  'statistics.material' AS ruleRef,
  NULL AS law, NULL AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN d.outcome = 'fail' THEN
    json_object('policy', d.policy, 'attribute', d.attribute, 'unitName', CASE WHEN d.attribute <> 'staff' THEN d.unit END, 'period', s.period, 'startsAt', d.startsAt,
      'cases', d.cases, 'favourable', d.favourable, 'rate', printf('%.1f', 100.0 * d.favourable / d.cases), 'expected', d.expected, 'expectedRate', printf('%.1f', 100 * d.expected / d.cases),
      'ratio', d.ratio, 'test', 'funnel of proportions against the rate of the same strata, arcsine scale, additive overdispersion', 'z', d.z, 'adjustedZ', d.adjustedZ, 'phi', d.phi, 'tau2', d.tau2,
      'p', d.p, 'q', d.q, 'fdr', s.fdr, 'unitsTested', d.tests, 'shrunkRate', d.shrunkRate, 'probabilityMaterial', d.probabilityMaterial, 'material', s.material) END AS details
FROM unitDeviation d JOIN statisticsSetting s ON s.packKey = d.packKey
ORDER BY unit
