-- Each decision as a case of its stratum, with the period of its pack's statistics that it falls in (UTC).
SELECT c.decisionId, c."at", c.packKey, c.policy, c.version, c.period AS versionPeriod, s.stratum, s.differing, c.outcome, c.favourable, c.favourableStated, c.amount,
  date_trunc(g.period, c."at")::TIMESTAMP AS startsAt, c.compareValues
FROM decisionContext c
JOIN statisticsSetting g ON g.packKey = c.packKey
JOIN likeCaseStratum s ON s.policy = c.policy AND s.version = c.version AND s.rule IS NOT DISTINCT FROM c.rule AND s.likeValues IS NOT DISTINCT FROM c.likeValues
