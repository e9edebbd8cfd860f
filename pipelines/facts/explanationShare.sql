-- How many sessions of access (not list) each explanation explains, by team and action, for the report. A session may have
-- several. `all` counts every session, `unexplained` those that a numbered control reports, `undecided` those that the records cannot
-- tell. An explanation counts where it holds for the session's first access. team: that of the actor then; NULL for others.
WITH team AS (
  SELECT v.sessionId, min(r.team) AS team
  FROM sessionVerdict v JOIN staffRole r ON r.staff = v.staff AND r."from" <= v."at" AND (r.until IS NULL OR v."at" < r.until)
  GROUP BY v.sessionId
),
session AS (
  SELECT v.sessionId, t.team, v.action, v.fires, v.doubt FROM sessionVerdict v LEFT JOIN team t ON t.sessionId = v.sessionId
),
counted AS (
  SELECT 'all' AS template, team, action FROM session
  UNION ALL
  SELECT CASE WHEN fires IS NOT NULL THEN 'unexplained' ELSE 'undecided' END, team, action FROM session WHERE fires IS NOT NULL OR doubt IS NOT NULL
  UNION ALL
  SELECT e.template, s.team, s.action
  FROM session s JOIN (SELECT DISTINCT accessId, template FROM accessExplanation WHERE strength = 'strong' AND doubt IS NULL) e ON e.accessId = s.sessionId
)
SELECT template, team, action, count(*) AS sessions FROM counted GROUP BY ALL
ORDER BY template, team NULLS FIRST, action
