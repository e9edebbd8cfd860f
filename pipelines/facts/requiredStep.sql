-- Each decision with each event that its policy requires: before it (before), or with it if it is a refusal
-- (deniedNeeds). seenBefore / seenAfter = the same party's step in the chain of contacts; doubt says why an
-- absence would prove nothing.
WITH asked AS (
  SELECT period, 'before' AS rule, unnest(before) AS type FROM versionPeriod
  UNION
  SELECT period, 'deniedNeeds', unnest(deniedNeeds) FROM versionPeriod
),
due AS (
  SELECT c.decisionId, c."at", c.contactId, c.chain, c.person, c.subject, c.ambiguous, c.queue, c.contactSite, c.contactKnown,
    c.packKey, c.policy, c.version, a.rule, a.type
  FROM decisionContext c JOIN asked a ON a.period = c.period
  WHERE a.rule = 'before' OR c.refusal
),
matched AS (
  SELECT d.decisionId, d.rule, d.type, s.eventId, s."at", s."at" <= d."at" AS before
  FROM due d JOIN chainStep s ON s.chain = d.chain AND s.type = d.type AND s.person = d.person
  UNION ALL
  SELECT d.decisionId, d.rule, d.type, s.eventId, s."at", s."at" <= d."at"
  FROM due d JOIN chainStep s ON s.contactId = d.contactId AND s.type = d.type AND s.anyone
),
seen AS (
  SELECT decisionId, rule, type,
    min(eventId) FILTER (before) AS seenBefore,
    arg_min(eventId, {t: "at", id: eventId}) FILTER (NOT before) AS seenAfter,
    min("at") FILTER (NOT before) AS seenAfterAt
  FROM matched GROUP BY decisionId, rule, type
),
unseen AS (
  SELECT d.* FROM due d ANTI JOIN (SELECT decisionId, rule, type FROM seen WHERE seenBefore IS NOT NULL) s
    ON s.decisionId = d.decisionId AND s.rule = d.rule AND s.type = d.type
),
uncovered AS (
  -- Some source states what it covers and leaves this moment out.
  SELECT DISTINCT decisionId, rule, type FROM (
    SELECT u.decisionId, u.rule, u.type, v.source,
      bool_or(v."from" <= u."at" AND u."at" < v."to"
        AND (v.queues IS NULL OR coalesce(list_contains(v.queues, u.queue), false))
        AND (v.sites IS NULL OR coalesce(list_contains(v.sites, u.contactSite), false))) AS included
    FROM unseen u JOIN statedCoverage v ON v.type = u.type
    GROUP BY u.decisionId, u.rule, u.type, v.source
  ) WHERE NOT included
),
elsewhere AS (
  -- The step was done in the chain for somebody, and the decision's customer is no party of its contact.
  SELECT DISTINCT u.decisionId, u.rule, u.type
  FROM unseen u JOIN chainStep s ON s.chain = u.chain AND s.type = u.type
  ANTI JOIN outsiderPerson o ON o.contactId = u.contactId AND o.person = u.person
)
SELECT d.decisionId, d."at", d.contactId, d.chain, d.subject, d.person, d.queue, d.packKey, d.policy, d.version, d.rule, d.type,
  s.seenBefore, s.seenAfter, s.seenAfterAt,
  CASE
    WHEN s.seenBefore IS NOT NULL THEN NULL
    WHEN p.type IS NULL OR n.decisionId IS NOT NULL THEN 'not-covered'
    WHEN x.chain IS NOT NULL THEN 'conflicting-records'
    WHEN NOT d.contactKnown THEN 'contact-unknown'
    WHEN d.ambiguous THEN 'ambiguous-person'
    WHEN e.decisionId IS NOT NULL THEN 'customer-not-on-contact'
  END AS doubt
FROM due d
LEFT JOIN seen s ON s.decisionId = d.decisionId AND s.rule = d.rule AND s.type = d.type
LEFT JOIN providedStep p ON p.type = d.type
LEFT JOIN uncovered n ON n.decisionId = d.decisionId AND n.rule = d.rule AND n.type = d.type
LEFT JOIN chainDoubt x ON x.chain = d.chain
LEFT JOIN elsewhere e ON e.decisionId = d.decisionId AND e.rule = d.rule AND e.type = d.type
ORDER BY d.decisionId, d.rule, d.type
