-- Tones that a recorded outsider heard, as one item: where they followed each other within 15 s, or one repeated at most every
-- 15 s lasted, up to the party's last exposure's end, the train met the interval (fine print 3).
-- `ambiguous`: a tone of it names a number of several people, of whom this may be one.
WITH addressed AS (
  SELECT id, person, count(*) OVER (PARTITION BY id) > 1 AS several
  FROM (
    SELECT DISTINCT e.id, n.person
    FROM event e JOIN personName n ON n.name = e.partyId AND (n."from" IS NULL OR n."from" <= e."at") AND (n.until IS NULL OR e."at" < n.until)
    WHERE e.type = 'tone-played'
  )
),
sounding AS (
  SELECT e.id, e.contactId, k.chain, a.person, e."at", e.intervalSeconds <= 15 AND e.until IS NOT NULL AS repeated,
    CASE WHEN e.intervalSeconds <= 15 THEN coalesce(e.until, e."at") ELSE e."at" END AS sounded,
    coalesce(e.partyId <> a.party AND m.several, false) AS ambiguous
  FROM event e
  JOIN chain k ON k.contactId = e.contactId
  JOIN attendance a ON a.contactId = e.contactId AND a.isOutsider AND e."at" < a.until
    AND a."from" <= greatest(coalesce(e.until, e."at"), e."at" + INTERVAL 15 SECOND)
  LEFT JOIN addressed m ON m.id = e.id AND m.person = a.person
  WHERE e.type = 'tone-played' AND (e.partyId IS NULL OR e.partyId = a.party OR m.id IS NOT NULL)
),
tone AS (
  SELECT DISTINCT u.rowid AS outsider, u.lastExposed, s.id, s."at", s.sounded, s.repeated, s.ambiguous
  FROM sounding s JOIN recordedOutsider u ON u.chain = s.chain AND u.person = s.person
  WHERE s."at" <= u.lastExposed
),
begun AS (
  SELECT *, coalesce("at" > max(sounded) OVER earlier + INTERVAL 15 SECOND, true) AS begins
  FROM tone
  WINDOW earlier AS (PARTITION BY outsider ORDER BY "at", sounded, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
numbered AS (
  SELECT *, count(*) FILTER (begins) OVER (PARTITION BY outsider ORDER BY "at", sounded, id ROWS UNBOUNDED PRECEDING) AS train
  FROM begun
),
train AS (
  SELECT outsider, train, min({"at": "at", id: id}) AS first,
    bool_or(CASE WHEN repeated THEN sounded >= lastExposed ELSE sounded + INTERVAL 15 SECOND >= lastExposed END) AS met, bool_or(ambiguous) AS ambiguous
  FROM numbered GROUP BY ALL
),
best AS (
  SELECT outsider, min({missed: NOT met, ambiguous: ambiguous, first: first}) AS train FROM train GROUP BY outsider
)
SELECT outsider, train.first.id AS id, train.first."at" AS "at", NOT train.missed AS met, train.ambiguous AS ambiguous FROM best
