-- Who supervised whom, and when: the supervisor that a roster row names, or a supervisor of the same team.
-- A name is whoever had it at each time; one that nobody has any more is still whoever had it when the row began.
-- doubtful: the name was that of several staff then, and this is one of them.
WITH spoken AS (
  SELECT *, lead("from") OVER (PARTITION BY name ORDER BY "from") AS renamed FROM staffNamePeriod SEMI JOIN (SELECT supervisor AS name FROM staffRole) USING (name)
),
named AS (
  SELECT unnest(n.candidates) AS supervisor, r.staff, greatest(r."from", n."from") AS "from",
    least(r.until, CASE WHEN n."from" <= r."from" THEN n.renamed ELSE n.until END) AS until, n.ambiguous AS doubtful
  FROM staffRole r JOIN spoken n ON n.name = r.supervisor
  WHERE n.until > r."from" AND (r.until IS NULL OR n."from" < r.until)
)
SELECT supervisor, staff, "from", until, doubtful, 'named' AS how
FROM named WHERE supervisor <> staff
UNION
SELECT lead.staff, member.staff, greatest(lead."from", member."from"), least(lead.until, member.until), false, 'team'
FROM staffRole lead JOIN staffRole member ON member.team = lead.team AND member.staff <> lead.staff
WHERE lead.role = 'supervisor'
  AND greatest(lead."from", member."from") < coalesce(least(lead.until, member.until), 'infinity'::TIMESTAMP)
ORDER BY ALL
