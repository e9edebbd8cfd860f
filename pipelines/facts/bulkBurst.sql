-- Bursts of access: for one person, every run of overlapping windows of the length of the policy's `bulk` rule in each of
-- which more than `max` distinct recordings were opened. What a grant or an assignment lists by id is left out.
-- The rule is that of the pack in force at the end of the window; ends of a burst = its first and last access.
WITH listed AS (
  SELECT DISTINCT access FROM accessWarrant
  WHERE inForce AND madeByThen AND scope = 'recording' AND weakness IS NULL AND NOT doubtful
),
inForce AS (
  SELECT DISTINCT packKey, list_sort(actions) AS actions, within, max FROM packBulk
),
rule AS MATERIALIZED (
  SELECT actions, within, max, row_number() OVER ()::INTEGER AS rule, ceil(epoch(within) * 1.1)::BIGINT + 1 AS stride FROM (SELECT DISTINCT actions, within, max FROM inForce)
),
act AS MATERIALIZED (
  SELECT d.rowid::INTEGER AS deed, d.who, r.rule, r.within, r.max, r.stride, i.packKey
  FROM accessDeed d JOIN rule r ON list_contains(r.actions, d.action)
  LEFT JOIN inForce i ON i.packKey = d.packKey AND i.actions = r.actions AND i.within = r.within AND i.max = r.max
  WHERE d.outcome = 'success' AND d.actorKind IN ('staff', 'ambiguous')
),
-- Counting every access in strides longer than the window is cheap, and two neighbours hold every window: an upper bound,
-- so that the rest is done only where it matters. Neither needs what is left out.
stride AS (
  SELECT a.who, a.rule, a.stride, a.max, epoch(r."at")::BIGINT // a.stride AS place, count(*) AS accesses
  FROM accessRow r JOIN act a ON a.deed = r.deed GROUP BY ALL
),
crowded AS (
  SELECT who, rule, unnest([place - 1, place]) AS place FROM (
    SELECT *, lag(place) OVER w = place - 1 AS follows, lag(accesses) OVER w AS before FROM stride WINDOW w AS (PARTITION BY who, rule ORDER BY place)
  ) WHERE accesses + CASE WHEN follows THEN before ELSE 0 END > max
),
counted AS (
  SELECT r.rowid::INTEGER AS access, r.accessId, r.object, r.aim, r."at", a.who, a.rule, a.within, a.max, a.packKey
  FROM accessRow r JOIN act a ON a.deed = r.deed
  SEMI JOIN crowded c ON c.who = a.who AND c.rule = a.rule AND c.place = epoch(r."at")::BIGINT // a.stride
  ANTI JOIN listed l ON l.access = r.rowid
),
busy AS (
  SELECT *, count(*) OVER (PARTITION BY who, rule ORDER BY "at" RANGE BETWEEN within PRECEDING AND CURRENT ROW) AS accesses FROM counted
),
suspect AS MATERIALIZED (
  SELECT c.* FROM counted c SEMI JOIN (FROM busy WHERE accesses > max) b ON b.who = c.who AND b.rule = c.rule
),
exact AS (
  SELECT *, count(DISTINCT aim) OVER (PARTITION BY who, rule ORDER BY "at" RANGE BETWEEN within PRECEDING AND CURRENT ROW) AS recordings FROM suspect
),
over AS (
  SELECT *, lag("at") OVER (PARTITION BY who, rule ORDER BY "at", accessId) AS earlier
  FROM exact WHERE recordings > max AND packKey IS NOT NULL
),
run AS (
  SELECT *, count(*) FILTER (earlier IS NULL OR earlier < "at" - within) OVER (PARTITION BY who, rule ORDER BY "at", accessId ROWS UNBOUNDED PRECEDING) AS burst FROM over
),
ends AS (
  SELECT who, rule, within, max, burst, min("at" - within) AS opens, max("at") AS closes, max(recordings) AS most, arg_max(packKey, "at") AS packKey
  FROM run GROUP BY who, rule, within, max, burst
),
named AS (
  SELECT DISTINCT who, actorKind, person FROM accessDeed
)
SELECT n.actorKind, n.person, date_trunc('day', e.closes)::DATE AS "day", e.packKey, e.within, e.max, e.most,
  min(s."at") AS begins, e.closes, list_sort(list(DISTINCT o.target)) AS recordings,
  list({kind: 'access', id: s.accessId} ORDER BY s."at", s.accessId) AS evidence
FROM ends e JOIN suspect s ON s.who = e.who AND s.rule = e.rule AND s."at" >= e.opens AND s."at" <= e.closes
JOIN accessObject o ON o.rowid = s.object JOIN named n ON n.who = e.who
GROUP BY n.actorKind, n.person, e.packKey, e.within, e.max, e.most, e.closes, e.rule, e.burst
ORDER BY n.actorKind, n.person, e.closes, e.within, e.max
