-- Which version of a decision policy is in force when, without overlaps: where two versions
-- overlap, the later-starting one wins (as for packs). Holes have no row; until NULL = open.
-- period numbers the rows, since two versions may bear one name; the rest is what the version says.
-- paths = every attribute it names; splitPlaces, likePlaces and comparePlaces = where in paths;
-- limitQueues = the queues that have limits of their own, NULL if none.
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
  SELECT s."from", s.until, v.* EXCLUDE ("from", until),
    list_sort(list_distinct(list_concat(coalesce(v.splittingBy, []), coalesce(v.likeCase, []), coalesce(v.compare, [])))) AS paths
  FROM span s JOIN packDecisionVersion v ON v.packKey = s.packKey AND v.policy = s.policy
    AND v."from" <= s."from" AND (v.until IS NULL OR s."from" < v.until)
  QUALIFY row_number() OVER (PARTITION BY s.packKey, s.policy, s."from" ORDER BY v."from" DESC, v.version DESC, v.until DESC NULLS FIRST) = 1
),
named AS (
  SELECT packKey, policy, version, list_sort(list(DISTINCT queue)) AS limitQueues
  FROM packAuthority WHERE queue IS NOT NULL GROUP BY packKey, policy, version
)
SELECT row_number() OVER (ORDER BY w.packKey, w.policy, w."from") AS period, w.*,
  list_transform(w.splittingBy, lambda path: list_position(w.paths, path)) AS splitPlaces,
  list_transform(w.likeCase, lambda path: list_position(w.paths, path)) AS likePlaces,
  list_transform(w.compare, lambda path: list_position(w.paths, path)) AS comparePlaces,
  l.limitQueues
FROM winning w LEFT JOIN named l ON l.packKey = w.packKey AND l.policy = w.policy AND l.version = w.version
