-- When each party but bots was on the contact: overlapping and adjoining intervals of presence joined,
-- ends that are still open closed at as-of. What lies between two intervals is absence. `joined`: its first beginning.
WITH stated AS (
  SELECT s.contactId, s.party, s.role IN ('customer', 'thirdParty') AS isOutsider, s.person, s.ambiguous, s.language,
    s."from", least(coalesce(s.until, n."asOf"), n."asOf") AS until
  FROM presence s CROSS JOIN run n
  WHERE s.role <> 'bot' AND s."from" < least(coalesce(s.until, n."asOf"), n."asOf")
),
several AS (
  SELECT contactId, party, isOutsider FROM stated GROUP BY ALL HAVING count(*) > 1
),
begun AS (
  SELECT s.*, coalesce(s."from" > max(s.until) OVER earlier, true) AS begins
  FROM stated s SEMI JOIN several USING (contactId, party, isOutsider)
  WINDOW earlier AS (PARTITION BY s.contactId, s.party, s.isOutsider ORDER BY s."from", s.until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
numbered AS (
  SELECT *, count(*) FILTER (begins) OVER upToHere AS island, min("from") OVER whole AS joined
  FROM begun
  WINDOW whole AS (PARTITION BY contactId, party, isOutsider),
    upToHere AS (PARTITION BY contactId, party, isOutsider ORDER BY "from", until ROWS UNBOUNDED PRECEDING)
)
SELECT contactId, party, isOutsider, person, ambiguous, language, "from" AS joined, "from", until
FROM stated ANTI JOIN several USING (contactId, party, isOutsider)
UNION ALL
SELECT contactId, party, isOutsider, min(person), bool_or(ambiguous), min(language), min(joined), min("from"), max(until)
FROM numbered GROUP BY contactId, party, isOutsider, island
