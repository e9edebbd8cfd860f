-- The limit that a set of roles has under each period of a decision policy, by queue and currency as in authorityScope:
-- the highest among the roles, and the role that gives it; 0 and NULL where none of them has one.
-- Few distinct role sets, many decisions: the limit is worked out once for each set.
WITH governing AS (
  SELECT period, queue, unnest(parts, recursive := true) FROM authorityScope
)
SELECT g.period, g.queue, g.currency, g.part, g.scope, r.roles,
  coalesce(max(a."limit") FILTER (list_contains(r.roles, a.role)), 0) AS "limit",
  (list(a.role ORDER BY a."limit" DESC, a.role) FILTER (list_contains(r.roles, a.role)))[1] AS role
FROM governing g
JOIN versionPeriod v ON v.period = g.period
JOIN packAuthority a ON a.packKey = v.packKey AND a.policy = v.policy AND a.version = v.version
  AND a.part IS NOT DISTINCT FROM g.part AND (a.queue IS NULL OR a.queue = g.queue)
CROSS JOIN (SELECT DISTINCT roles FROM decisionActor) r
GROUP BY ALL
