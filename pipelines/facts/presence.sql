-- When a party was on a contact: presence, else joinedAt..leftAt, else the contact's span.
-- An open end is closed by the contact's; NULL where that is open too.
WITH stated AS (
  SELECT contactId, partyIndex, party, role, person, ambiguous, language, period."from" AS "from", coalesce(period.until, leftAt) AS until
  FROM (SELECT *, unnest(presence) AS period FROM party WHERE len(presence) > 0)
  UNION ALL
  SELECT contactId, partyIndex, party, role, person, ambiguous, language, joinedAt, leftAt
  FROM party WHERE presence IS NULL OR len(presence) = 0
)
SELECT s.contactId, s.partyIndex, s.party, s.role, s.person, s.ambiguous, s.language, coalesce(s."from", c.startedAt) AS "from", coalesce(s.until, c.endedAt) AS until
FROM stated s JOIN contact c ON c.id = s.contactId
