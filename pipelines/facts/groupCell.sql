-- Customer groups against the rest, by stratum within a period; one row for each stratum that has both.
-- Attributes of the organisation (staff, team, site) are units and not groups.
WITH cell AS (
  SELECT * FROM compareCell WHERE attribute NOT IN ('staff', 'team', 'site') AND value IS NOT NULL
),
stratumTotal AS (
  SELECT packKey, policy, startsAt, attribute, stratum, sum(cases)::BIGINT AS cases, sum(favourable)::BIGINT AS favourable
  FROM cell GROUP BY packKey, policy, startsAt, attribute, stratum
)
SELECT c.packKey, c.policy, c.startsAt, c.attribute, c.value, c.stratum, c.cases, c.favourable,
  t.cases - c.cases AS restCases, t.favourable - c.favourable AS restFavourable
FROM cell c
JOIN stratumTotal t ON t.packKey = c.packKey AND t.policy = c.policy AND t.startsAt = c.startsAt AND t.attribute = c.attribute AND t.stratum = c.stratum
