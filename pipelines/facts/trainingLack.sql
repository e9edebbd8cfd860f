-- Successful accesses of staff whose role then asks for a course, and whether a valid completion is on record.
WITH need AS (
  SELECT DISTINCT t.packKey, t.course, r.role FROM packTraining t, unnest(t.roles) AS r(role)
),
asked AS (
  SELECT DISTINCT a.accessId, a."at", a.staff, n.course
  FROM accessAct a
  JOIN staffRole r ON r.staff = a.staff AND r."from" <= a."at" AND (r.until IS NULL OR a."at" < r.until)
  JOIN need n ON n.packKey = a.packKey AND n.role = r.role
  WHERE a.outcome = 'success'
),
done AS (
  SELECT s.id AS staff, t.training.course AS course, t.training.completedAt AS completedAt, t.training.validUntil AS validUntil
  FROM staff s, unnest(s.training) AS t(training)
)
SELECT a.accessId, a.course, max(d.validUntil) FILTER (d.completedAt <= a."at") AS lapsedAt, min(d.completedAt) AS completedAt,
  coalesce(bool_or(d.completedAt <= a."at" AND (d.validUntil IS NULL OR a."at" < d.validUntil)), false) AS trained
FROM asked a LEFT JOIN done d ON d.staff = a.staff AND d.course = a.course
GROUP BY a.accessId, a.course
