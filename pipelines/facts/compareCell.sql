-- Cases and favourable outcomes by stratum for each value of what the policy compares, within a period.
WITH named AS (
  SELECT period AS versionPeriod, unnest(compare) AS attribute, generate_subscripts(compare, 1) AS place FROM versionPeriod WHERE compare IS NOT NULL
)
SELECT k.packKey, k.policy, k.startsAt, n.attribute, k.compareValues[n.place] AS value, k.stratum,
  count(*) AS cases, count(*) FILTER (k.favourable) AS favourable
FROM decisionCase k JOIN named n ON n.versionPeriod = k.versionPeriod
WHERE k.favourableStated
GROUP BY k.packKey, k.policy, k.startsAt, n.attribute, value, k.stratum
