-- Staff, teams and sites by period: cases, favourable outcomes, and how many one would expect if each had decided
-- its cases as all do in the same strata (indirect standardisation). expected is a decimal so that sums are exact.
WITH rate AS (
  SELECT packKey, policy, startsAt, attribute, stratum, sum(favourable)::DOUBLE / sum(cases)::DOUBLE AS rate
  FROM compareCell WHERE attribute IN ('staff', 'team', 'site') AND value IS NOT NULL
  GROUP BY packKey, policy, startsAt, attribute, stratum
)
SELECT c.packKey, c.policy, c.startsAt, c.attribute, c.value AS unit,
  sum(c.cases)::BIGINT AS cases, sum(c.favourable)::BIGINT AS favourable,
  sum(round(c.cases * r.rate, 9)::DECIMAL(28, 9))::DOUBLE AS expected
FROM compareCell c
JOIN rate r ON r.packKey = c.packKey AND r.policy = c.policy AND r.startsAt = c.startsAt AND r.attribute = c.attribute AND r.stratum = c.stratum
WHERE c.value IS NOT NULL
GROUP BY c.packKey, c.policy, c.startsAt, c.attribute, c.value
