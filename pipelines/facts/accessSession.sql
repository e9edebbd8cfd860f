-- Which successful accesses are one: those of one person to one recording by one action, from the first on for at most
-- `session` (policy.md); the next one after that begins another. A session is named by its first access; both by their numbers,
-- with what else is asked of every access that is looked up in its session.
-- Most groups hold one access, and most others fit into one session; only the rest is cut, in order.
WITH act AS (
  SELECT r.rowid::INTEGER AS access, r."at", r.deed, d.lane, r.aim, r."at" + d.session AS reach
  FROM accessRow r JOIN accessDeed d ON d.rowid = r.deed
  WHERE d.outcome = 'success'
),
alike AS MATERIALIZED (
  SELECT lane, aim, count(*) AS accesses, any_value(access) AS access, any_value(deed) AS deed, min("at") AS begins, max("at") > min(reach) AS spreads
  FROM act GROUP BY lane, aim
),
-- No session can bridge a time that nothing before it reaches.
reached AS (
  SELECT a.*, max(a.reach) OVER (PARTITION BY a.lane, a.aim ORDER BY a."at" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
  FROM act a SEMI JOIN (FROM alike WHERE spreads) g ON g.lane = a.lane AND g.aim = a.aim
),
-- Accesses of one instant fall into one part, in whatever order they came.
island AS MATERIALIZED (
  SELECT access, deed, lane, aim, "at", reach, count(*) FILTER (reached IS NULL OR "at" > reached)
    OVER (PARTITION BY lane, aim ORDER BY "at" RANGE UNBOUNDED PRECEDING) AS part
  FROM reached
),
whole AS (
  SELECT lane, aim, part, min("at") AS begins, max("at") > min(reach) AS spreads FROM island GROUP BY lane, aim, part
),
cut AS (
  SELECT i.lane, i.aim, i.part, list_transform(list_reduce(
      list_transform(list({b: i."at", e: i.reach} ORDER BY i."at", i.reach), x -> [x]),
      (begun, x) -> CASE WHEN x[1].b > begun[-1].e THEN list_concat(begun, x) ELSE begun END), x -> x.b) AS begun
  FROM island i SEMI JOIN (FROM whole WHERE spreads) w ON w.lane = i.lane AND w.aim = i.aim AND w.part = i.part
  GROUP BY i.lane, i.aim, i.part
),
placed AS MATERIALIZED (
  SELECT a.access, a.deed, a."at", a.lane, a.aim, g.begins
  FROM act a JOIN alike g ON g.lane = a.lane AND g.aim = a.aim AND g.accesses > 1 AND NOT g.spreads
  UNION ALL
  SELECT i.access, i.deed, i."at", i.lane, i.aim, CASE WHEN w.spreads THEN list_last(list_filter(c.begun, b -> b <= i."at")) ELSE w.begins END
  FROM island i JOIN whole w ON w.lane = i.lane AND w.aim = i.aim AND w.part = i.part
  LEFT JOIN cut c ON c.lane = i.lane AND c.aim = i.aim AND c.part = i.part
),
begun AS MATERIALIZED (
  SELECT lane, aim, begins, min(access) AS access, count(*) > 1 AS tied FROM placed WHERE "at" = begins GROUP BY lane, aim, begins
),
-- Of accesses of one instant the one with the least id is the first.
tied AS (
  SELECT p.lane, p.aim, p.begins, arg_min(p.access, r.accessId) AS access
  FROM placed p SEMI JOIN (FROM begun WHERE tied) b ON b.lane = p.lane AND b.aim = p.aim AND b.begins = p."at" JOIN accessRow r ON r.rowid = p.access
  WHERE p."at" = p.begins GROUP BY p.lane, p.aim, p.begins
),
first AS (
  SELECT lane, aim, begins, access FROM begun WHERE NOT tied
  UNION ALL
  FROM tied
)
SELECT p.access, f.access AS session, p.deed, p."at" FROM placed p JOIN first f ON f.lane = p.lane AND f.aim = p.aim AND f.begins = p.begins
UNION ALL
SELECT access, access, deed, begins FROM alike WHERE accesses = 1
