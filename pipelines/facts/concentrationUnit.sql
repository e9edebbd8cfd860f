-- What came of each pair of concentrationCell: unit, outcome, the decisions of a pair that met too often, and its
-- numbers; kind says which control asks, partner with whom or what the decider (staff) goes.
SELECT
  c.kind,
  concat_ws('|', c.packKey, c.policy, strftime(c.startsAt, '%Y-%m-%d'), c.team, c.actor, c.partner) AS unit,
  c.startsAt AS "at", c.actor AS staff, c.partner, c.outcome, c.reason, c.packKey,
  CASE WHEN c.outcome = 'fail' THEN coalesce(nullif(c.team, ''), c.policy) END AS cause,
  CASE WHEN c.outcome = 'fail' THEN list_transform(e.decisionIds[:50], lambda id: {kind: 'decision', id: id}) END AS evidence,
  CASE WHEN c.outcome = 'fail' THEN
    json_object('policy', c.policy, 'period', s.period, 'startsAt', c.startsAt, 'team', nullif(c.team, ''), 'together', c.together,
      'ofActor', c.ofActor, 'ofPartner', c.ofPartner, 'total', c.total, 'expected', round(c.expected, 2), 'lift', round(c.lift, 2),
      'test', 'hypergeometric, upper tail', 'p', c.p, 'q', c.q, 'fdr', s.fdr, 'pairsCompared', c.tests) END AS numbers
FROM concentration c
JOIN statisticsSetting s ON s.packKey = c.packKey
LEFT JOIN concentrationCell e ON c.outcome = 'fail' AND e.kind = c.kind AND e.packKey = c.packKey AND e.policy = c.policy AND e.startsAt = c.startsAt
  AND e.team = c.team AND e.actor = c.actor AND e.partner = c.partner
