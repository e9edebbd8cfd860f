-- Favourable amounts just below the limit: how many in (L - d, L] and in (L - 2d, L - d], d = the policy's band,
-- for each policy, role that gives the decider's limit, part of the policy that sets it (scope NULL = authority.limits),
-- and period.
SELECT c.packKey, c.policy, c.limitRole AS role, c.limitScope AS scope, date_trunc(g.period, c."at")::TIMESTAMP AS startsAt,
  max(c."limit")::DOUBLE AS "limit", g.band,
  count(*) FILTER (c.amount > c."limit" - g.band AND c.amount <= c."limit") AS upper,
  count(*) FILTER (c.amount > c."limit" - 2 * g.band AND c.amount <= c."limit" - g.band) AS lower
FROM decisionContext c JOIN statisticsSetting g ON g.packKey = c.packKey
WHERE c.favourable AND c.amount > 0 AND c.limitRole IS NOT NULL AND c.overDoubt IS NULL AND g.band IS NOT NULL
GROUP BY c.packKey, c.policy, c.limitRole, c.limitScope, date_trunc(g.period, c."at"), g.band
