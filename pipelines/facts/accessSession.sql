-- Which successful accesses are one: those of one person to one recording by one action, from the first on for at most
-- `session` (policy.md); the next one after that begins another. A session is named by its first access.
-- Most groups hold one access, and most others fit into one session; only the rest is cut, in order.
WITH act AS (
  SELECT a.accessId, a."at", a.actorKind, a.person, a.target, a.action,
    a."at" + coalesce(p."session", INTERVAL 0 SECOND) AS reach
  FROM accessAct a LEFT JOIN pack p ON p.packKey = a.packKey
  WHERE a.outcome = 'success'
),
alike AS (
  SELECT actorKind, person, target, action, count(*) AS accesses, any_value(accessId) AS accessId, any_value("at") AS "at"
  FROM act GROUP BY actorKind, person, target, action
),
ordered AS (
  SELECT a.*, max(a.reach) OVER (PARTITION BY a.actorKind, a.person, a.target, a.action ORDER BY a."at", a.accessId
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
  FROM act a SEMI JOIN (FROM alike WHERE accesses > 1) g
    ON g.actorKind = a.actorKind AND g.person = a.person AND g.target = a.target AND g.action = a.action
),
-- No session can bridge a time that nothing before it reaches.
island AS (
  SELECT *, count(*) FILTER (reached IS NULL OR "at" > reached)
    OVER (PARTITION BY actorKind, person, target, action ORDER BY "at", accessId ROWS UNBOUNDED PRECEDING) AS part
  FROM ordered
),
cut AS (
  SELECT actorKind, person, target, action, part,
    CASE WHEN max("at") <= min(reach) THEN [min("at")] ELSE
      list_transform(list_reduce(
        list_transform(list({b: "at", e: reach} ORDER BY "at", reach), x -> [x]),
        (begun, x) -> CASE WHEN x[1].b > begun[-1].e THEN list_concat(begun, x) ELSE begun END), x -> x.b)
    END AS begun
  FROM island GROUP BY actorKind, person, target, action, part
),
placed AS (
  SELECT i.accessId, i."at", i.actorKind, i.person, i.target, i.action,
    CASE WHEN len(c.begun) = 1 THEN c.begun[1] ELSE list_last(list_filter(c.begun, b -> b <= i."at")) END AS begins
  FROM island i JOIN cut c
    ON c.actorKind = i.actorKind AND c.person = i.person AND c.target = i.target AND c.action = i.action AND c.part = i.part
)
SELECT accessId, first_value(accessId) OVER (PARTITION BY actorKind, person, target, action, begins ORDER BY "at", accessId) AS sessionId
FROM placed
UNION ALL
SELECT accessId, accessId FROM alike WHERE accesses = 1
