-- Favourable amounts just below the limit: how many in (L - d, L] and in (L - 2d, L - d], d = the policy's band,
-- for each policy, role that gives the decider's limit, and period.
WITH roleOf AS (
  SELECT c.decisionId, c.packKey, c.policy, c."at", c.amount, c."limit", min(a.role) AS role
  FROM decisionContext c JOIN packAuthority a ON a.packKey = c.packKey AND a.policy = c.policy AND a.version = c.version
    AND a."limit" = c."limit" AND list_contains(c.roles, a.role)
  WHERE c.favourable AND c.amount > 0 AND c.limited AND c.staffDoubt IS NULL AND (c.limitCurrency IS NULL OR c.currency = c.limitCurrency)
  GROUP BY c.decisionId, c.packKey, c.policy, c."at", c.amount, c."limit"
)
SELECT r.packKey, r.policy, r.role, date_trunc(g.period, r."at")::TIMESTAMP AS startsAt, max(r."limit")::DOUBLE AS "limit", g.band,
  count(*) FILTER (r.amount > r."limit" - g.band AND r.amount <= r."limit") AS upper,
  count(*) FILTER (r.amount > r."limit" - 2 * g.band AND r.amount <= r."limit" - g.band) AS lower
FROM roleOf r JOIN statisticsSetting g ON g.packKey = r.packKey
WHERE g.band IS NOT NULL
GROUP BY r.packKey, r.policy, r.role, date_trunc(g.period, r."at"), g.band
