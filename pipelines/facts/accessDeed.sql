-- Each way in which the log says who did what (actor, on behalf of whom, action, outcome, purpose), cut into periods in which
-- one pack is in force and names mean the same people: few rows, and every access falls under exactly one. Its rowid is what
-- other facts call deed.
-- actorKind: anonymous; staff (one staff member); service or audit (declared in the pack in force); ambiguous (a name of
-- several staff then); conflict (a name in a staff record without an agreed version); unknown. A declared service that acts on
-- behalf of a staff member is judged as that member; an undeclared one is unknown whomever it names.
-- who, lane: one number for each actor as judged, and for each of these and each action.
WITH written AS (
  SELECT a.actor.id AS actor, a.actor.type AS actorType, a.actor.onBehalfOf AS onBehalfOf, a.action, a.outcome, a.purpose,
    min(a."at") AS firstAt, max(a."at") AS lastAt
  FROM access a GROUP BY ALL
),
numbered AS MATERIALIZED (
  SELECT *, row_number() OVER () AS number FROM written
),
-- Periods without a pack too, so that every time falls into exactly one row.
period AS (
  SELECT packKey, "from", coalesce(until, 'infinity'::TIMESTAMP) AS until FROM packPeriod
),
whole AS (
  FROM period
  UNION ALL
  SELECT NULL, until, coalesce(lead("from") OVER (ORDER BY "from"), 'infinity'::TIMESTAMP) FROM period
  UNION ALL
  SELECT NULL, '-infinity'::TIMESTAMP, coalesce((SELECT min("from") FROM period), 'infinity'::TIMESTAMP)
),
edge AS (
  SELECT n.number, w."from" AS "at" FROM numbered n CROSS JOIN whole w
  UNION
  SELECT n.number, unnest([p."from", p.until]) FROM numbered n JOIN staffNamePeriod p ON p.name = n.actor
  UNION
  SELECT n.number, unnest([p."from", p.until]) FROM numbered n JOIN staffNamePeriod p ON p.name = n.onBehalfOf
),
piece AS (
  SELECT number, "at" AS "from", coalesce(lead("at") OVER (PARTITION BY number ORDER BY "at"), 'infinity'::TIMESTAMP) AS until FROM edge
),
auditor AS (
  SELECT p.packKey, a.id FROM pack p, unnest(p.auditPrincipals) AS a(id)
),
declared AS (
  SELECT packKey, id, min(kind) AS kind FROM (
    SELECT packKey, id, 'service' AS kind FROM packService
    UNION ALL
    SELECT packKey, id, 'audit' FROM auditor
  ) GROUP BY packKey, id
),
packed AS (
  SELECT n.* EXCLUDE (number), p."from", p.until, w.packKey
  FROM piece p JOIN numbered n ON n.number = p.number AND p."from" <= n.lastAt AND p.until > n.firstAt
  JOIN whole w ON w."from" <= p."from" AND p."from" < w.until
),
named AS (
  SELECT t.*, d.kind AS declaredAs, n.staff AS ownStaff, coalesce(n.ambiguous, false) AS ownAmbiguous,
    b.staff AS behalfStaff, coalesce(b.ambiguous, false) AS behalfAmbiguous,
    t.actor IN (FROM disputedStaffName) AS ownDisputed, coalesce(t.onBehalfOf IN (FROM disputedStaffName), false) AS behalfDisputed
  FROM packed t
  LEFT JOIN declared d ON d.packKey = t.packKey AND d.id = t.actor
  LEFT JOIN staffNamePeriod n ON n.name = t.actor AND n."from" <= t."from" AND t."from" < n.until
  LEFT JOIN staffNamePeriod b ON b.name = t.onBehalfOf AND b."from" <= t."from" AND t."from" < b.until
),
judgedAs AS (
  SELECT *,
    actorType = 'service' AND onBehalfOf IS NOT NULL AND declaredAs IS NOT NULL
      AND (behalfStaff IS NOT NULL OR behalfAmbiguous OR behalfDisputed) AS byBehalf,
    declaredAs IS NOT NULL AND (actorType = 'service' OR ownStaff IS NULL AND NOT ownAmbiguous) AS byService
  FROM named
),
kinds AS (
  SELECT *, CASE
    WHEN actorType = 'anonymous' THEN 'anonymous'
    WHEN byBehalf THEN CASE WHEN behalfAmbiguous THEN 'ambiguous' WHEN behalfDisputed THEN 'conflict' ELSE 'staff' END
    WHEN byService THEN declaredAs
    WHEN actorType = 'service' AND onBehalfOf IS NOT NULL THEN 'unknown'
    WHEN ownAmbiguous THEN 'ambiguous'
    WHEN ownDisputed THEN 'conflict'
    WHEN ownStaff IS NOT NULL THEN 'staff'
    ELSE 'unknown' END AS actorKind
  FROM judgedAs
),
persons AS (
  SELECT *, CASE WHEN actorKind = 'staff' THEN CASE WHEN byBehalf THEN behalfStaff ELSE ownStaff END WHEN byBehalf THEN onBehalfOf ELSE actor END AS person,
    CASE WHEN actorKind = 'staff' THEN CASE WHEN byBehalf THEN behalfStaff ELSE ownStaff END END AS staff
  FROM kinds
)
SELECT p.actor, p.actorType, p.onBehalfOf, p.action, p.outcome, p.purpose, p."from", p.until, p.firstAt, p.lastAt, p.packKey, p.actorKind, p.person, p.staff,
  dense_rank() OVER (ORDER BY p.actorKind, p.person)::INTEGER AS who, dense_rank() OVER (ORDER BY p.actorKind, p.person, p.action)::INTEGER AS lane,
  coalesce(k."session", INTERVAL 0 SECOND) AS "session"
FROM persons p LEFT JOIN pack k ON k.packKey = p.packKey
