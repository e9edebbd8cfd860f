-- How many sessions of access (not list) each explanation explains, by team and action, for the report. A session may have
-- several. `all` counts every session, `unexplained` those that a numbered control reports, `undecided` those that the records cannot
-- tell: neither is explained as well, so that the three add up. An explanation counts where it holds for the session's first access.
-- team: that of the actor then; NULL for others.
WITH deed AS (
  SELECT rowid::INTEGER AS deed, staff, action, "from", until FROM accessDeed WHERE outcome = 'success' AND action <> 'list'
),
-- Teams change seldom: periods of what somebody did in which the team stays the same.
member AS (
  SELECT d.deed, r.team, greatest(r."from", d."from") AS "from", least(coalesce(r.until, 'infinity'::TIMESTAMP), d.until) AS until
  FROM deed d JOIN staffRole r ON r.staff = d.staff WHERE r.team IS NOT NULL AND r."from" < d.until AND (r.until IS NULL OR r.until > d."from")
),
edge AS (
  SELECT deed, "from" AS "at" FROM deed
  UNION
  SELECT deed, unnest(["from", until]) FROM member
),
piece AS (
  SELECT deed, "at" AS "from", coalesce(lead("at") OVER (PARTITION BY deed ORDER BY "at"), 'infinity'::TIMESTAMP) AS until FROM edge
),
team AS (
  SELECT p.deed, p."from", p.until, min(m.team) AS team
  FROM piece p LEFT JOIN member m ON m.deed = p.deed AND m."from" <= p."from" AND p."from" < m.until
  GROUP BY p.deed, p."from", p.until
),
session AS (
  SELECT s.session, t.team, d.action, s."at", s.deed
  FROM sessionRow s JOIN deed d ON d.deed = s.deed JOIN team t ON t.deed = s.deed AND t."from" <= s."at" AND s."at" < t.until
),
explained AS (
  SELECT access, bit_or(CASE template WHEN 'handled-contact' THEN 1 WHEN 'supervises-handler' THEN 2 WHEN 'assignment' THEN 4 WHEN 'grant' THEN 8
    WHEN 'recent-contact' THEN 16 WHEN 'service' THEN 32 ELSE 64 END::UTINYINT) AS templates
  FROM accessExplanation SEMI JOIN sessionRow s ON s.session = access WHERE strength = 'strong' AND doubt IS NULL GROUP BY access
),
template AS (
  FROM (VALUES (1, 'handled-contact'), (2, 'supervises-handler'), (4, 'assignment'), (8, 'grant'), (16, 'recent-contact'), (32, 'service'), (64, 'audit')) AS t(bit, template)
),
counted AS (
  SELECT s.team, s.action, w.fires, w.doubt, e.templates, count(*) AS sessions
  FROM session s LEFT JOIN sessionFault w ON w.session = s.session LEFT JOIN explained e ON e.access = s.session
  GROUP BY ALL
),
shared AS (
  SELECT 'all' AS template, team, action, sessions FROM counted
  UNION ALL
  SELECT CASE WHEN fires IS NOT NULL THEN 'unexplained' ELSE 'undecided' END, team, action, sessions FROM counted WHERE fires IS NOT NULL OR doubt IS NOT NULL
  UNION ALL
  SELECT t.template, c.team, c.action, c.sessions FROM counted c JOIN template t ON c.templates & t.bit <> 0 WHERE c.fires IS NULL AND c.doubt IS NULL
)
SELECT template, team, action, sum(sessions)::BIGINT AS sessions FROM shared GROUP BY ALL
ORDER BY template, team NULLS FIRST, action
