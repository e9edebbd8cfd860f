-- Tones that a recorded outsider heard, as one item: where they followed each other within 15 s, or one repeated at most every
-- 15 s lasted, up to the party's last exposure's end, the train met the interval (fine print 3).
WITH tone AS (
  SELECT u.recordingId, u.party, u.lastExposed, e.id, e."at",
    CASE WHEN e.intervalSeconds <= 15 THEN coalesce(e.until, e."at") ELSE e."at" END AS sounded,
    e.intervalSeconds <= 15 AND e.until IS NOT NULL AS repeated
  FROM recordedOutsider u
  JOIN chain k ON k.chain = u.chain
  JOIN event e ON e.contactId = k.contactId AND e.type = 'tone-played'
  JOIN party p ON p.contactId = e.contactId AND p.person = u.person AND p.isOutsider
  LEFT JOIN resolvedName n ON n.name = e.partyId AND n."at" = e."at"
  WHERE e."at" <= u.lastExposed AND (e.partyId IS NULL OR e.partyId = p.party OR n.person = p.person)
    AND EXISTS (SELECT 1 FROM attendance a WHERE a.contactId = e.contactId AND a.party = p.party AND a.isOutsider
      AND a."from" <= greatest(coalesce(e.until, e."at"), e."at" + INTERVAL 15 SECOND) AND e."at" < a.until)
),
begun AS (
  SELECT *, coalesce("at" > max(sounded) OVER earlier + INTERVAL 15 SECOND, true) AS begins
  FROM tone
  WINDOW earlier AS (PARTITION BY recordingId, party ORDER BY "at", sounded, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
numbered AS (
  SELECT *, count(*) FILTER (begins) OVER (PARTITION BY recordingId, party ORDER BY "at", sounded, id ROWS UNBOUNDED PRECEDING) AS train
  FROM begun
),
train AS (
  SELECT recordingId, party, train, min("at") AS "at", arg_min(id, ("at", id)) AS id,
    bool_or(CASE WHEN repeated THEN sounded >= lastExposed ELSE sounded + INTERVAL 15 SECOND >= lastExposed END) AS met
  FROM numbered GROUP BY ALL
)
SELECT recordingId, party, arg_min(id, (NOT met, "at", id)) AS id, arg_min("at", (NOT met, "at", id)) AS "at", bool_or(met) AS met
FROM train GROUP BY ALL
