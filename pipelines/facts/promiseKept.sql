-- Escalations asked for and follow-ups promised, with what was due when, and the first act after it that
-- kept it, for the same party in the same chain of contacts. due NULL = no time was set.
WITH dated AS (
  SELECT p.*, CASE WHEN w.due IS NOT NULL THEN w.due ELSE p.base + p.term END AS due
  FROM servicePromise p
  LEFT JOIN workingDue w ON w.packKey = p.packKey AND w.channel IS NOT DISTINCT FROM p.channel AND w.queue IS NOT DISTINCT FROM p.queue AND w.begun = p.base AND w.target = p.term::VARCHAR
),
match AS (
  SELECT d.eventId, s.eventId AS doneId, s."at" AS doneAt
  FROM dated d
  JOIN chainStep mine ON mine.eventId = d.eventId AND NOT mine.anyone
  JOIN chainStep s ON s.chain = d.chain AND s.type = d.wanted AND s.person = mine.person
  WHERE s."at" >= d."at" AND coalesce(s.name = d.name, true)
  UNION ALL
  -- One of the two says for nobody in particular, on the same contact.
  SELECT d.eventId, s.eventId, s."at"
  FROM dated d JOIN chainStep s ON s.contactId = d.contactId AND s.type = d.wanted
  WHERE s."at" >= d."at" AND coalesce(s.name = d.name, true)
    AND (s.anyone OR d.eventId IN (SELECT eventId FROM chainStep WHERE anyone))
),
kept AS (
  SELECT eventId, min(doneAt) AS doneAt, arg_min(doneId, {t: doneAt, id: doneId}) AS doneId FROM match GROUP BY eventId
),
mistakable AS (
  -- The promise or what may have kept it names a number of several people, and they may be the same.
  SELECT DISTINCT d.eventId
  FROM dated d JOIN stepPerson mine ON mine.eventId = d.eventId
  JOIN stepPerson s ON s.chain = d.chain AND s.type = d.wanted AND s.person = mine.person
  WHERE (mine.doubtful OR s.doubtful) AND s."at" >= d."at"
),
uncovered AS (
  SELECT DISTINCT eventId FROM (
    SELECT d.eventId, v.source,
      bool_or(v."from" <= d.due AND d.due < v."to"
        AND (v.queues IS NULL OR coalesce(list_contains(v.queues, d.queue), false))
        AND (v.sites IS NULL OR coalesce(list_contains(v.sites, d.site), false))) AS included
    FROM dated d JOIN statedCoverage v ON v.type = d.wanted
    WHERE d.due IS NOT NULL
    GROUP BY d.eventId, v.source
  ) WHERE NOT included
)
SELECT d.eventId, d.type, d."at", d.base, d.term, d.contactId, d.chain, d.partyId, d.name, d.wanted, d.packKey, d.queue, d.due, k.doneAt, k.doneId,
  CASE WHEN p.type IS NULL OR u.eventId IS NOT NULL THEN 'not-covered'
       WHEN x.chain IS NOT NULL THEN 'conflicting-records'
       WHEN m.eventId IS NOT NULL THEN 'ambiguous-person' END AS doubt
FROM dated d
LEFT JOIN kept k ON k.eventId = d.eventId
LEFT JOIN providedStep p ON p.type = d.wanted
LEFT JOIN uncovered u ON u.eventId = d.eventId
LEFT JOIN chainDoubt x ON x.chain = d.chain
LEFT JOIN mistakable m ON m.eventId = d.eventId
