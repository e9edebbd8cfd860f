-- For what staff did (accessDeed): the periods in which a role of theirs asks for a course, each with whether a valid
-- completion is on record then and when the latest one lapses.
WITH need AS (
  SELECT DISTINCT t.packKey, t.course, r.role FROM packTraining t, unnest(t.roles) AS r(role)
),
asked AS MATERIALIZED (
  SELECT d.rowid::INTEGER AS deed, d.staff, n.course, greatest(r."from", d."from") AS "from", least(coalesce(r.until, 'infinity'::TIMESTAMP), d.until) AS until
  FROM accessDeed d JOIN staffRole r ON r.staff = d.staff JOIN need n ON n.packKey = d.packKey AND n.role = r.role
  WHERE d.outcome = 'success' AND r."from" <= d.lastAt AND (r.until IS NULL OR r.until > d.firstAt)
),
done AS (
  SELECT s.id AS staff, t.training.course AS course, t.training.completedAt AS completedAt, t.training.validUntil AS validUntil
  FROM staff s, unnest(s.training) AS t(training)
),
edge AS (
  SELECT deed, staff, course, "from" AS "at" FROM asked
  UNION
  SELECT deed, staff, course, until FROM asked
  UNION
  SELECT a.deed, a.staff, a.course, unnest([d.completedAt, d.validUntil]) FROM asked a JOIN done d ON d.staff = a.staff AND d.course = a.course
),
piece AS (
  SELECT deed, staff, course, "at" AS "from", lead("at") OVER (PARTITION BY deed, course ORDER BY "at") AS until FROM edge WHERE "at" IS NOT NULL
),
held AS (
  SELECT DISTINCT p.* FROM piece p JOIN asked a ON a.deed = p.deed AND a.course = p.course AND a."from" <= p."from" AND p."from" < a.until WHERE p.until IS NOT NULL
)
SELECT h.deed, h.course, h."from", h.until, max(d.validUntil) FILTER (d.completedAt <= h."from") AS lapsedAt,
  coalesce(bool_or(d.completedAt <= h."from" AND (d.validUntil IS NULL OR h."from" < d.validUntil)), false) AS trained
FROM held h LEFT JOIN done d ON d.staff = h.staff AND d.course = h.course
GROUP BY h.deed, h.course, h."from", h.until
