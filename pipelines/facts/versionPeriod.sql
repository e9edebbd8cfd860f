-- Which version of a decision policy is in force when, without overlaps: where two versions
-- overlap, the later-starting one wins (as for packs). Holes have no row; until NULL = open.
-- period numbers the rows, since two versions may bear one name; the rest is what the version says.
WITH boundary AS (
  SELECT packKey, policy, "from" AS "at" FROM packDecisionVersion
  UNION
  SELECT packKey, policy, until FROM packDecisionVersion WHERE until IS NOT NULL
),
span AS (
  SELECT packKey, policy, "at" AS "from", lead("at") OVER (PARTITION BY packKey, policy ORDER BY "at") AS until
  FROM boundary
),
winning AS (
  SELECT s."from", s.until, v.* EXCLUDE ("from", until)
  FROM span s JOIN packDecisionVersion v ON v.packKey = s.packKey AND v.policy = s.policy
    AND v."from" <= s."from" AND (v.until IS NULL OR s."from" < v.until)
  QUALIFY row_number() OVER (PARTITION BY s.packKey, s.policy, s."from" ORDER BY v."from" DESC, v.version DESC, v.until DESC NULLS FIRST) = 1
)
SELECT row_number() OVER (ORDER BY packKey, policy, "from") AS period, *
FROM winning
ORDER BY period
