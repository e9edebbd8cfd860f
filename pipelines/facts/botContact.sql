-- Contacts with a bot, whether the policy asks that it says so, and whether it did: a disclosure event on the contact, or on an earlier
-- leg of the chain with the same bot and customer, or the bot's first turn in the transcript. The places are the outsiders',
-- a country standing for its subdivisions.
WITH bot AS (
  SELECT c.id AS contactId, h.chain, c.startedAt, c.endedAt, c.queue, c.site, k.packKey, p.party AS bot
  FROM party p JOIN contact c ON c.id = p.contactId JOIN chain h ON h.contactId = c.id
  LEFT JOIN packPeriod k ON k."from" <= c.startedAt AND (k.until IS NULL OR c.startedAt < k.until)
  WHERE p.isBot
),
rule AS (
  SELECT b.contactId, r.jurisdictions FROM (SELECT DISTINCT contactId, packKey, startedAt FROM bot) b
  JOIN packBotDisclosure r ON r.packKey = b.packKey AND (r."from" IS NULL OR r."from" <= b.startedAt) AND (r.until IS NULL OR b.startedAt < r.until)
),
asked AS (
  SELECT r.contactId,
    bool_or(list_contains(r.jurisdictions, p.jurisdiction) OR list_contains(r.jurisdictions, split_part(p.jurisdiction, '-', 1))) AS asks,
    bool_or(p.jurisdiction IS NULL) AS unplaced, list_sort(list(DISTINCT p.jurisdiction)) AS places
  FROM rule r JOIN party p ON p.contactId = r.contactId AND p.isOutsider
  GROUP BY r.contactId
),
-- Other legs with the same bot first: joined with the disclosures at once, every disclosure meets every later contact.
leg AS MATERIALIZED (
  SELECT b.contactId, b.startedAt, l.contactId AS otherId
  FROM bot b JOIN bot l ON l.chain = b.chain AND l.bot = b.bot AND l.contactId <> b.contactId
),
told AS (
  SELECT DISTINCT b.contactId
  FROM (SELECT DISTINCT contactId FROM bot) b JOIN event e ON e.contactId = b.contactId AND e.type = 'bot-disclosed'
  UNION
  SELECT DISTINCT l.contactId
  FROM leg l
  JOIN event e ON e.contactId = l.otherId AND e.type = 'bot-disclosed' AND e."at" <= l.startedAt
  JOIN party was ON was.contactId = l.otherId AND was.isOutsider
  JOIN party again ON again.contactId = l.contactId AND again.isOutsider AND again.person = was.person
),
opening AS (
  SELECT b.contactId, b.bot, min(t.turn) AS turn
  FROM bot b JOIN turn t ON t.contactId = b.contactId AND t.partyId = b.bot
  GROUP BY b.contactId, b.bot
),
said AS (
  SELECT b.contactId, count(DISTINCT b.bot) = count(DISTINCT g.partyId) AS everyBot
  FROM bot b
  LEFT JOIN opening o ON o.contactId = b.contactId AND o.bot = b.bot
  LEFT JOIN signal g ON g.contactId = b.contactId AND g.partyId = b.bot AND g.type = 'bot-disclosure' AND g.turn = o.turn
  GROUP BY b.contactId
),
looked AS (
  SELECT DISTINCT b.contactId
  FROM bot b JOIN coverageWindow w ON w.kind = 'bot-disclosed' AND w."from" <= b.startedAt AND b.startedAt < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, b.queue)) AND (w.sites IS NULL OR list_contains(w.sites, b.site))
  UNION
  SELECT contactId FROM opening
),
contested AS (
  SELECT contactId, min(id) AS id FROM (
    SELECT x.contactId, x.id FROM conflictContact x JOIN stored_event s ON s.id = x.id AND s.type = 'bot-disclosed' WHERE x.kind = 'event'
    UNION ALL
    SELECT contactId, id FROM conflict WHERE kind = 'transcript'
    UNION ALL
    SELECT l.contactId, x.id FROM leg l JOIN conflict x ON x.contactId = l.otherId JOIN stored_event s ON s.id = x.id AND s.type = 'bot-disclosed' WHERE x.kind = 'event'
    UNION ALL
    SELECT b.contactId, k.id FROM bot b JOIN brokenChain k ON k.chain = b.chain
  ) GROUP BY contactId
)
SELECT b.contactId, b.startedAt, b.queue, b.packKey, list_sort(list(DISTINCT b.bot)) AS bots, any_value(a.places) AS places,
  CASE
    WHEN b.packKey IS NULL THEN 'no-policy'
    WHEN any_value(a.contactId) IS NULL OR NOT (any_value(a.asks) OR any_value(a.unplaced)) THEN 'not-required'
    WHEN any_value(d.contactId) IS NOT NULL OR bool_or(s.everyBot) THEN NULL
    WHEN any_value(x.id) IS NOT NULL THEN 'conflicting-records'
    WHEN NOT coalesce(any_value(a.asks), false) THEN 'place-unknown'
    WHEN any_value(k.contactId) IS NULL THEN 'not-covered'
    ELSE 'not-disclosed'
  END AS reason
FROM bot b
LEFT JOIN asked a ON a.contactId = b.contactId
LEFT JOIN told d ON d.contactId = b.contactId
LEFT JOIN said s ON s.contactId = b.contactId
LEFT JOIN looked k ON k.contactId = b.contactId
LEFT JOIN contested x ON x.contactId = b.contactId
GROUP BY b.contactId, b.startedAt, b.queue, b.packKey
