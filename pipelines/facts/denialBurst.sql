-- Bursts of denied accesses: for one person, every run of overlapping windows of the length of the policy's `denials` rule
-- in each of which more than `max` were denied; the rule is that of the pack in force at the end of the window.
WITH rule AS (
  SELECT DISTINCT within, max FROM packDenials
),
counted AS (
  SELECT a.accessId, a.actorKind, a.person, a.target, a."at", r.within, r.max, d.packKey,
    count(*) OVER (PARTITION BY a.actorKind, a.person, r.within, r.max ORDER BY a."at" RANGE BETWEEN r.within PRECEDING AND CURRENT ROW) AS denials
  FROM accessAct a CROSS JOIN rule r
  LEFT JOIN (SELECT DISTINCT packKey, within, max FROM packDenials) d ON d.packKey = a.packKey AND d.within = r.within AND d.max = r.max
  WHERE a.outcome = 'denied' AND a.actorKind IN ('staff', 'ambiguous', 'conflict', 'unknown')
),
over AS (
  SELECT *, lag("at") OVER (PARTITION BY actorKind, person, within, max ORDER BY "at", accessId) AS earlier
  FROM counted WHERE denials > max AND packKey IS NOT NULL
),
run AS (
  SELECT *, count(*) FILTER (earlier IS NULL OR earlier < "at" - within)
    OVER (PARTITION BY actorKind, person, within, max ORDER BY "at", accessId ROWS UNBOUNDED PRECEDING) AS burst FROM over
),
ends AS (
  SELECT actorKind, person, within, max, burst, min("at" - within) AS opens, max("at") AS closes, max(denials) AS most, arg_max(packKey, "at") AS packKey
  FROM run GROUP BY actorKind, person, within, max, burst
)
SELECT e.actorKind, e.person, date_trunc('day', e.closes)::DATE AS "day", e.packKey, e.within, e.max, e.most,
  min(c."at") AS begins, e.closes, list_sort(list(DISTINCT c.target)) AS targets,
  list({kind: 'access', id: c.accessId} ORDER BY c."at", c.accessId) AS evidence
FROM ends e JOIN counted c ON c.actorKind = e.actorKind AND c.person = e.person AND c.within = e.within AND c.max = e.max
  AND c."at" >= e.opens AND c."at" <= e.closes
GROUP BY e.actorKind, e.person, e.packKey, e.within, e.max, e.most, e.closes, e.burst
ORDER BY e.actorKind, e.person, e.closes, e.within, e.max
