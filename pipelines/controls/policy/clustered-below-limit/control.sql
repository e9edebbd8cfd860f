-- More amounts just below a role's limit, in (L - d, L], than in the band before it, (L - 2d, L - d].
SELECT
  c.packKey || '|' || c.policy || '|' || c.role || '|' || strftime(c.startsAt, '%Y-%m-%d') || coalesce('|' || c.scope, '') AS unit,
  c.startsAt AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  c.outcome,
  c.reason,
  NULL AS severity,
  CASE WHEN c.outcome = 'fail' THEN c.role END AS cause,
  c.packKey,
  'statistics.band' AS ruleRef,
  NULL AS law, NULL AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN c.outcome = 'fail' THEN
    json_object('policy', c.policy, 'role', c.role, 'period', s.period, 'startsAt', c.startsAt, 'limit', c."limit", 'limitFor', c.scope, 'band', c.band, 'upper', c.upper, 'lower', c.lower,
      'test', 'binomial, two-sided', 'p', c.p, 'q', c.q, 'fdr', s.fdr, 'rolesTested', c.tests) END AS details
FROM limitCluster c JOIN statisticsSetting s ON s.packKey = c.packKey
ORDER BY unit
