-- Sessions of staff none of whose accesses falls under a duty that the policy sets for roles: duty is hours or training.
WITH period AS (
  SELECT 'hours' AS duty, deed, "from", until FROM hoursDuty
  UNION ALL
  SELECT 'training', deed, "from", until FROM trainingDuty
),
-- Deeds for some of whose times the duty is not set: few, and only their sessions need a closer look.
bare AS (
  SELECT k.duty, d.rowid::INTEGER AS deed FROM accessDeed d CROSS JOIN (VALUES ('hours'), ('training')) k(duty) LEFT JOIN period p ON p.duty = k.duty AND p.deed = d.rowid
  WHERE d.outcome = 'success' AND d.staff IS NOT NULL
  GROUP BY k.duty, d.rowid, d.firstAt, d.lastAt HAVING NOT coalesce(bool_or(p."from" <= d.firstAt AND d.lastAt < p.until), false)
),
suspect AS (
  SELECT DISTINCT b.duty, s.session FROM accessSession s JOIN bare b ON b.deed = s.deed
)
SELECT s.duty, s.session FROM suspect s ANTI JOIN (
  SELECT x.duty, a.session FROM accessSession a JOIN suspect x ON x.session = a.session JOIN period p ON p.duty = x.duty AND p.deed = a.deed AND p."from" <= a."at" AND a."at" < p.until
) t ON t.duty = s.duty AND t.session = s.session
