-- Who supervised whom, and when: the supervisor that a roster row names, or a supervisor of the same team.
SELECT supervisor, staff, "from", until, 'named' AS how
FROM staffRole
WHERE supervisor IS NOT NULL AND supervisor <> staff
UNION
SELECT lead.staff, member.staff, greatest(lead."from", member."from"), least(lead.until, member.until), 'team'
FROM staffRole lead JOIN staffRole member ON member.team = lead.team AND member.staff <> lead.staff
WHERE lead.role = 'supervisor'
  AND greatest(lead."from", member."from") < coalesce(least(lead.until, member.until), 'infinity'::TIMESTAMP)
ORDER BY ALL
