-- Bursts of access: for one person, every run of overlapping windows of the length of the policy's `bulk` rule in each of
-- which more than `max` distinct recordings were opened. What a grant or an assignment lists by id is left out.
-- The rule is that of the pack in force at the end of the window; ends of a burst = its first and last access.
WITH listed AS (
  SELECT DISTINCT accessId FROM accessWarrant
  WHERE inForce AND madeByThen AND scope = 'recording' AND weakness IS NULL AND NOT doubtful
),
rule AS (
  SELECT DISTINCT list_sort(actions) AS actions, within, max FROM packBulk
),
inForce AS (
  SELECT DISTINCT packKey, list_sort(actions) AS actions, within, max FROM packBulk
),
counted AS (
  SELECT a.accessId, a.actorKind, a.person, a.target, a."at", r.actions, r.within, r.max, i.packKey
  FROM accessAct a
  JOIN rule r ON list_contains(r.actions, a.action)
  LEFT JOIN inForce i ON i.packKey = a.packKey AND i.actions = r.actions AND i.within = r.within AND i.max = r.max
  ANTI JOIN listed l ON l.accessId = a.accessId
  WHERE a.outcome = 'success' AND a.actorKind IN ('staff', 'ambiguous')
),
-- Counting every access is cheap and an upper bound, so that recordings are told apart only where it matters.
busy AS (
  SELECT *, count(*) OVER (PARTITION BY actorKind, person, actions, within, max ORDER BY "at" RANGE BETWEEN within PRECEDING AND CURRENT ROW) AS accesses FROM counted
),
suspect AS (
  SELECT c.* FROM counted c SEMI JOIN (FROM busy WHERE accesses > max) b ON b.actorKind = c.actorKind AND b.person = c.person AND b.actions = c.actions AND b.within = c.within AND b.max = c.max
),
exact AS (
  SELECT *, count(DISTINCT target) OVER (PARTITION BY actorKind, person, actions, within, max ORDER BY "at" RANGE BETWEEN within PRECEDING AND CURRENT ROW) AS recordings FROM suspect
),
over AS (
  SELECT *, lag("at") OVER (PARTITION BY actorKind, person, actions, within, max ORDER BY "at", accessId) AS earlier
  FROM exact WHERE recordings > max AND packKey IS NOT NULL
),
run AS (
  SELECT *, count(*) FILTER (earlier IS NULL OR earlier < "at" - within)
    OVER (PARTITION BY actorKind, person, actions, within, max ORDER BY "at", accessId ROWS UNBOUNDED PRECEDING) AS burst FROM over
),
ends AS (
  SELECT actorKind, person, actions, within, max, burst, min("at" - within) AS opens, max("at") AS closes,
    max(recordings) AS most, arg_max(packKey, "at") AS packKey
  FROM run GROUP BY actorKind, person, actions, within, max, burst
)
SELECT e.actorKind, e.person, date_trunc('day', e.closes)::DATE AS "day", e.packKey, e.within, e.max, e.most,
  min(s."at") AS begins, e.closes, list_sort(list(DISTINCT s.target)) AS recordings,
  list({kind: 'access', id: s.accessId} ORDER BY s."at", s.accessId) AS evidence
FROM ends e JOIN suspect s ON s.actorKind = e.actorKind AND s.person = e.person AND s.actions = e.actions AND s.within = e.within AND s.max = e.max
  AND s."at" >= e.opens AND s."at" <= e.closes
GROUP BY e.actorKind, e.person, e.packKey, e.within, e.max, e.most, e.closes, e.actions, e.burst
ORDER BY e.actorKind, e.person, e.closes, e.within, e.max
