-- Successful accesses at whose time nobody can be said to have looked: for the roster (staff), and for the reasons to
-- open a recording (reasons: assignments, grants or rosters). A kind is covered where one of the sources that provide it
-- states no coverage or states one that the access lies in. Accesses that are covered for both have no row.
WITH provider AS (
  SELECT s.id AS origin, k.kind FROM source s, unnest(s.provides) AS k(kind) WHERE k.kind IN ('assignment', 'grant', 'staff')
  UNION
  SELECT p.source, p.kind FROM produced p WHERE p.records > 0 AND p.kind IN ('assignment', 'grant', 'staff')
),
stated AS (
  SELECT c.source AS origin, k.kind, c."from", c."to", c.queues, c.sites
  FROM coverage c, unnest(c.kinds) AS k(kind) WHERE k.kind IN ('assignment', 'grant', 'staff')
),
limited AS (
  SELECT kind FROM (
    SELECT p.kind, p.origin IN (SELECT s.origin FROM stated s WHERE s.kind = p.kind) AS hasLimits FROM provider p
  ) GROUP BY kind HAVING bool_and(hasLimits)
),
vouched AS (
  SELECT s.* FROM stated s SEMI JOIN provider p ON p.origin = s.origin AND p.kind = s.kind SEMI JOIN limited l ON l.kind = s.kind
),
act AS (
  SELECT r.rowid::INTEGER AS access, r."at", r.object FROM accessRow r JOIN accessDeed d ON d.rowid = r.deed WHERE d.outcome = 'success'
),
inside AS (
  SELECT DISTINCT a.access, v.kind
  FROM act a JOIN vouched v ON v."from" <= a."at" AND a."at" < v."to"
  JOIN accessObject o ON o.rowid = a.object
  LEFT JOIN contact c ON c.id = o.contactId
  WHERE (v.queues IS NULL OR list_contains(v.queues, c.queue)) AND (v.sites IS NULL OR list_contains(v.sites, c.site))
),
missing AS (
  SELECT a.access, l.kind FROM act a CROSS JOIN limited l ANTI JOIN inside i ON i.access = a.access AND i.kind = l.kind
),
missed AS (
  SELECT access, bool_or(kind = 'staff') AS staff FROM missing GROUP BY access
),
asked AS (
  SELECT count(*) FILTER (kind = 'staff') = 0 AS noRoster, count(*) = 0 AS noReasons FROM provider
)
SELECT a.access, k.noRoster OR coalesce(m.staff, false) AS roster, k.noReasons OR m.access IS NOT NULL AS reasons
FROM act a CROSS JOIN asked k LEFT JOIN missed m ON m.access = a.access
WHERE k.noRoster OR k.noReasons OR m.access IS NOT NULL
