-- Each access with who acted, as names stood at its time.
-- actorKind: anonymous; staff (one staff member); service or audit (declared in the pack in force); ambiguous (a name of
-- several staff then); conflict (a staff record without an agreed version); unknown. A declared service that acts on
-- behalf of a staff member is judged as that member; an undeclared one is unknown whomever it names.
WITH auditor AS (
  SELECT p.packKey, a.id FROM pack p, unnest(p.auditPrincipals) AS a(id)
),
declared AS (
  SELECT packKey, id, min(kind) AS kind FROM (
    SELECT packKey, id, 'service' AS kind FROM packService
    UNION ALL
    SELECT packKey, id, 'audit' FROM auditor
  ) GROUP BY packKey, id
),
disputed AS (
  SELECT id FROM conflict WHERE kind = 'staff'
),
named AS (
  SELECT t.*, d.kind AS declaredAs, n.staff AS ownStaff, coalesce(n.ambiguous, false) AS ownAmbiguous,
    b.staff AS behalfStaff, coalesce(b.ambiguous, false) AS behalfAmbiguous,
    t.actor IN (FROM disputed) AS ownDisputed, coalesce(t.onBehalfOf IN (FROM disputed), false) AS behalfDisputed
  FROM accessTarget t
  LEFT JOIN declared d ON d.packKey = t.packKey AND d.id = t.actor
  LEFT JOIN staffNamePeriod n ON n.name = t.actor AND n."from" <= t."at" AND t."at" < n.until
  LEFT JOIN staffNamePeriod b ON b.name = t.onBehalfOf AND b."from" <= t."at" AND t."at" < b.until
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
    WHEN byBehalf THEN CASE WHEN behalfAmbiguous THEN 'ambiguous' WHEN behalfStaff IS NOT NULL THEN 'staff' ELSE 'conflict' END
    WHEN byService THEN declaredAs
    WHEN actorType = 'service' AND onBehalfOf IS NOT NULL THEN 'unknown'
    WHEN ownAmbiguous THEN 'ambiguous'
    WHEN ownStaff IS NOT NULL THEN 'staff'
    WHEN ownDisputed THEN 'conflict'
    ELSE 'unknown' END AS actorKind
  FROM judgedAs
)
SELECT accessId, "at", packKey, actor, actorType, onBehalfOf, actorKind,
  CASE WHEN actorKind = 'staff' THEN CASE WHEN byBehalf THEN behalfStaff ELSE ownStaff END WHEN byBehalf THEN onBehalfOf ELSE actor END AS person,
  CASE WHEN actorKind = 'staff' THEN CASE WHEN byBehalf THEN behalfStaff ELSE ownStaff END END AS staff,
  action, outcome, purpose, ip, country, userAgent, uri, recordingId, contactId, target, problem, contactKnown
FROM kinds
