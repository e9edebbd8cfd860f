-- Which limits of a decision policy hold where: for each period of a version and each queue that its limits name
-- (queue NULL = every other queue; no row = no limits there), the currencies in which there are limits and, for each,
-- the part of the policy that governs: what names the queue before what holds everywhere.
-- part NULL = authority.limits, n = authority.limitsFor[n]; scope says the part in words; anyCurrency = they name none.
WITH stated AS (
  SELECT DISTINCT v.period, a.queue, a.currency, a.part, a.scope
  FROM packAuthority a JOIN versionPeriod v ON v.packKey = a.packKey AND v.policy = a.policy AND v.version = a.version
),
governing AS (
  SELECT r.period, r.queue, s.currency, s.part, s.scope
  FROM (SELECT DISTINCT period, queue FROM stated) r
  JOIN stated s ON s.period = r.period AND (s.queue IS NULL OR s.queue = r.queue)
  QUALIFY row_number() OVER (PARTITION BY r.period, r.queue, s.currency ORDER BY s.queue NULLS LAST, s.part NULLS LAST) = 1
)
SELECT period, queue, bool_or(currency IS NULL) AS anyCurrency,
  list(currency ORDER BY currency) FILTER (currency IS NOT NULL) AS currencies,
  list({currency: currency, part: part, scope: scope} ORDER BY currency) AS parts
FROM governing GROUP BY period, queue
