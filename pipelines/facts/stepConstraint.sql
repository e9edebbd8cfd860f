-- Ordered steps that a version asks for (Declare constraints, judged for each activation), in chains of contacts
-- with a decision under that version. A response is activated by its first event, a precedence by its then event,
-- a succession by both; absence and non-coexistence are judged once for each chain. wanted = what must be there.
WITH scope AS (
  SELECT c.packKey, c.policy, c.version, c.chain, min(c."at") AS decidedAt, min(c.contactId) AS contactId
  FROM decisionContext c
  WHERE c.version IS NOT NULL AND EXISTS (FROM packStep s WHERE s.packKey = c.packKey AND s.policy = c.policy AND s.version = c.version)
  GROUP BY c.packKey, c.policy, c.version, c.chain
),
rule AS (
  SELECT s.packKey, s.policy, s.version, s.ordinal, s.type, s.first, s."then", s.within FROM packStep s
),
asked AS (
  SELECT packKey, policy, version, ordinal, type, within, first AS activation, "then" AS wanted, true AS afterwards FROM rule WHERE type IN ('response', 'succession')
  UNION ALL
  SELECT packKey, policy, version, ordinal, type, within, "then", first, false FROM rule WHERE type IN ('precedence', 'succession')
),
activated AS (
  SELECT a.packKey, a.policy, a.version, a.ordinal, a.type, a.within, a.wanted, a.afterwards, a.activation, e.eventId, e.contactId, e.chain, e.person, e.anyone, e."at"
  FROM asked a
  JOIN scope c ON c.packKey = a.packKey AND c.policy = a.policy AND c.version = a.version
  JOIN chainStep e ON e.chain = c.chain AND e.type = a.activation
),
match AS (
  SELECT a.packKey, a.policy, a.version, a.ordinal, a.afterwards, a.eventId, s.eventId AS otherId, s."at" AS otherAt, a."at", a.within
  FROM activated a JOIN chainStep s ON s.chain = a.chain AND s.person = a.person AND s.type = a.wanted
  UNION ALL
  SELECT a.packKey, a.policy, a.version, a.ordinal, a.afterwards, a.eventId, s.eventId, s."at", a."at", a.within
  FROM activated a JOIN chainStep s ON s.contactId = a.contactId AND s.type = a.wanted AND (s.anyone OR a.anyone)
),
found AS (
  SELECT packKey, policy, version, ordinal, afterwards, eventId,
    bool_or(CASE WHEN afterwards THEN otherAt >= "at" AND (within IS NULL OR otherAt <= "at" + within)
                 ELSE otherAt <= "at" AND (within IS NULL OR "at" <= otherAt + within) END) AS kept,
    min(otherAt) FILTER (afterwards AND otherAt >= "at") AS lateAt, arg_min(otherId, {t: otherAt, id: otherId}) FILTER (afterwards AND otherAt >= "at") AS lateId
  FROM match WHERE otherId <> eventId
  GROUP BY packKey, policy, version, ordinal, afterwards, eventId
),
activation AS (
  SELECT packKey, policy, version, ordinal, type, within, wanted, afterwards, activation, eventId, min(contactId) AS contactId, min(chain) AS chain, min("at") AS "at"
  FROM activated GROUP BY packKey, policy, version, ordinal, type, within, wanted, afterwards, activation, eventId
),
present AS (
  SELECT DISTINCT c.packKey, c.policy, c.version, r.ordinal, r.type, r.first, r."then", r.within, c.chain, e.eventId, e.type AS eventType, e."at"
  FROM scope c JOIN rule r ON r.packKey = c.packKey AND r.policy = c.policy AND r.version = c.version AND r.type IN ('absence', 'non-coexistence')
  JOIN chainStep e ON e.chain = c.chain AND (e.type = r.first OR (r.type = 'non-coexistence' AND e.type = r."then"))
),
together AS (
  SELECT p.packKey, p.policy, p.version, p.ordinal, p.chain, list_sort(list_distinct(flatten(list(CASE WHEN p.type = 'absence' THEN [p.eventId] ELSE [p.eventId, q.eventId] END)))) AS eventIds,
    min(greatest(p."at", q."at")) AS "at"
  FROM present p LEFT JOIN present q ON p.type = 'non-coexistence' AND q.packKey = p.packKey AND q.policy = p.policy AND q.version = p.version AND q.ordinal = p.ordinal
    AND q.chain = p.chain AND q.eventType = p."then" AND (p.within IS NULL OR (q."at" <= p."at" + p.within AND p."at" <= q."at" + p.within))
  WHERE p.eventType = p.first AND (p.type = 'absence' OR q.eventId IS NOT NULL)
  GROUP BY p.packKey, p.policy, p.version, p.ordinal, p.chain
),
judged AS (
  SELECT a.packKey, a.policy, a.version, a.ordinal, a.type, a.activation AS first, a.wanted AS "then", a.afterwards, a.within, a.eventId AS subjectId, a.contactId, a.chain, a."at",
    CASE WHEN a.afterwards AND a.within IS NOT NULL THEN a."at" + a.within END AS due, coalesce(f.kept, false) AS kept,
    CASE WHEN NOT coalesce(f.kept, false) THEN f.lateAt END AS lateAt,
    CASE WHEN NOT coalesce(f.kept, false) AND f.lateId IS NOT NULL THEN [a.eventId, f.lateId] ELSE [a.eventId] END AS eventIds, a.wanted AS looked
  FROM activation a LEFT JOIN found f ON f.packKey = a.packKey AND f.policy = a.policy AND f.version = a.version AND f.ordinal = a.ordinal AND f.afterwards = a.afterwards AND f.eventId = a.eventId
  UNION ALL
  SELECT c.packKey, c.policy, c.version, r.ordinal, r.type, r.first, r."then", false, r.within, c.chain, c.contactId, c.chain, coalesce(t."at", c.decidedAt), NULL, t.chain IS NULL, NULL, t.eventIds, NULL
  FROM scope c JOIN rule r ON r.packKey = c.packKey AND r.policy = c.policy AND r.version = c.version AND r.type IN ('absence', 'non-coexistence')
  LEFT JOIN together t ON t.packKey = c.packKey AND t.policy = c.policy AND t.version = c.version AND t.ordinal = r.ordinal AND t.chain = c.chain
),
mistakable AS (
  -- The step or what was asked for with it names a number of several people, and they may be the same.
  SELECT DISTINCT j.subjectId, j.looked
  FROM judged j JOIN stepPerson mine ON mine.eventId = j.subjectId
  JOIN stepPerson s ON s.chain = j.chain AND s.type = j.looked AND s.person = mine.person
  WHERE NOT j.kept AND (mine.doubtful OR s.doubtful) AND CASE WHEN j.afterwards THEN s."at" >= j."at" ELSE s."at" <= j."at" END
),
uncovered AS (
  SELECT DISTINCT subjectId, looked FROM (
    SELECT j.subjectId, j.looked, v.source,
      bool_or(v."from" <= j."at" AND j."at" < v."to"
        AND (v.queues IS NULL OR coalesce(list_contains(v.queues, c.queue), false)) AND (v.sites IS NULL OR coalesce(list_contains(v.sites, c.site), false))) AS included
    FROM judged j JOIN statedCoverage v ON v.type = j.looked LEFT JOIN contact c ON c.id = j.contactId
    WHERE NOT j.kept
    GROUP BY j.subjectId, j.looked, v.source
  ) WHERE NOT included
)
SELECT j.*, k.queue,
  CASE WHEN j.kept OR j.looked IS NULL THEN NULL
       WHEN p.type IS NULL OR u.subjectId IS NOT NULL THEN 'not-covered'
       WHEN x.chain IS NOT NULL THEN 'conflicting-records'
       WHEN m.subjectId IS NOT NULL THEN 'ambiguous-person' END AS doubt
FROM judged j
LEFT JOIN contact k ON k.id = j.contactId
LEFT JOIN providedStep p ON p.type = j.looked
LEFT JOIN uncovered u ON u.subjectId = j.subjectId AND u.looked = j.looked
LEFT JOIN chainDoubt x ON x.chain = j.chain
LEFT JOIN mistakable m ON m.subjectId = j.subjectId AND m.looked = j.looked
