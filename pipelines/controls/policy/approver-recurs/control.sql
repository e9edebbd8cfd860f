-- Pairs of decider and approver that met more often than the team makes one expect.
SELECT
  concat_ws('|', c.packKey, c.policy, strftime(c.startsAt, '%Y-%m-%d'), c.team, c.actor, c.partner) AS unit,
  c.startsAt AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, c.actor AS staff,
  c.outcome,
  c.reason,
  NULL AS severity,
  CASE WHEN c.outcome = 'fail' THEN coalesce(nullif(c.team, ''), c.policy) END AS cause,
  c.packKey,
  'statistics.fdr' AS ruleRef,
  NULL AS law,
  CASE WHEN c.outcome = 'fail' THEN list_transform(e.decisionIds[:50], lambda id: {kind: 'decision', id: id}) END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN c.outcome = 'fail' THEN
    json_object('policy', c.policy, 'period', s.period, 'startsAt', c.startsAt, 'team', nullif(c.team, ''), 'approver', c.partner, 'together', c.together,
      'ofActor', c.ofActor, 'ofPartner', c.ofPartner, 'total', c.total, 'expected', round(c.expected, 2), 'lift', round(c.lift, 2),
      'test', 'hypergeometric, upper tail', 'p', c.p, 'q', c.q, 'fdr', s.fdr, 'pairsCompared', c.tests) END AS details
FROM concentration c
JOIN statisticsSetting s ON s.packKey = c.packKey
LEFT JOIN concentrationCell e ON c.outcome = 'fail' AND e.kind = c.kind AND e.packKey = c.packKey AND e.policy = c.policy AND e.startsAt = c.startsAt
  AND e.team = c.team AND e.actor = c.actor AND e.partner = c.partner
WHERE c.kind = 'approver'
ORDER BY unit
