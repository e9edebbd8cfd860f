-- Each decision with each event that its policy requires: before it (before), or with it if it is a refusal
-- (deniedNeeds). seenBefore (whether) and seenAfter (which first) = the same party's step in the chain of contacts; doubt says why an
-- absence would prove nothing.
WITH asked AS (
  SELECT period, 'before' AS rule, unnest(before) AS type FROM versionPeriod
  UNION
  SELECT period, 'deniedNeeds', unnest(deniedNeeds) FROM versionPeriod
),
due AS MATERIALIZED (
  SELECT row_number() OVER () AS n, c.decisionId, c."at", c.contactId, c.chain, c.person, c.subject, c.ambiguous, c.queue, c.contactSite, c.contactKnown,
    c.packKey, c.policy, c.version, a.rule, a.type
  FROM decisionContext c JOIN asked a ON a.period = c.period
  WHERE a.rule = 'before' OR c.refusal
),
matched AS (
  SELECT d.n, s.eventId, s."at", s."at" <= d."at" AS before
  FROM due d JOIN chainStep s ON s.chain = d.chain AND s.type = d.type AND s.person = CASE WHEN d.ambiguous THEN d.subject ELSE d.person END
  UNION ALL
  SELECT d.n, s.eventId, s."at", s."at" <= d."at"
  FROM due d JOIN chainStep s ON s.contactId = d.contactId AND s.type = d.type AND s.anyone
),
seen AS (
  SELECT n, bool_or(before) AS before FROM matched GROUP BY n
),
seenOnlyAfter AS (
  -- The first one after the decision; few, so that only these are ordered.
  SELECT m.n, arg_min(m.eventId, {t: m."at", id: m.eventId}) AS seenAfter, min(m."at") AS seenAfterAt
  FROM matched m JOIN seen s ON s.n = m.n AND NOT s.before
  GROUP BY m.n
),
unseen AS (
  SELECT d.* FROM due d ANTI JOIN (SELECT n FROM seen WHERE before) s ON s.n = d.n
),
uncovered AS (
  -- Some source states what it covers and leaves this moment out.
  SELECT DISTINCT n FROM (
    SELECT u.n, v.source,
      bool_or(v."from" <= u."at" AND u."at" < v."to"
        AND (v.queues IS NULL OR coalesce(list_contains(v.queues, u.queue), false))
        AND (v.sites IS NULL OR coalesce(list_contains(v.sites, u.contactSite), false))) AS included
    FROM unseen u JOIN statedCoverage v ON v.type = u.type
    GROUP BY u.n, v.source
  ) WHERE NOT included
),
mistakable AS (
  -- The step was done for a number of several people, of whom the decision's customer is one.
  SELECT DISTINCT u.n FROM unseen u JOIN stepPerson s ON s.chain = u.chain AND s.type = u.type AND s.person = u.person AND s.doubtful
),
elsewhere AS (
  -- The step was done in the chain for somebody, and the decision's customer is no party of its contact.
  SELECT DISTINCT u.n
  FROM unseen u JOIN chainStep s ON s.chain = u.chain AND s.type = u.type
  ANTI JOIN outsiderPerson o ON o.contactId = u.contactId AND o.person = u.person
)
SELECT d.decisionId, d."at", d.contactId, d.chain, d.subject, d.person, d.queue, d.packKey, d.policy, d.version, d.rule, d.type,
  coalesce(s.before, false) AS seenBefore, f.seenAfter, f.seenAfterAt,
  CASE
    WHEN s.before THEN NULL
    WHEN p.type IS NULL OR n.n IS NOT NULL THEN 'not-covered'
    WHEN x.chain IS NOT NULL THEN 'conflicting-records'
    WHEN NOT d.contactKnown THEN 'contact-unknown'
    WHEN d.ambiguous OR m.n IS NOT NULL THEN 'ambiguous-person'
    WHEN e.n IS NOT NULL THEN 'customer-not-on-contact'
  END AS doubt
FROM due d
LEFT JOIN seen s ON s.n = d.n
LEFT JOIN seenOnlyAfter f ON f.n = d.n
LEFT JOIN providedStep p ON p.type = d.type
LEFT JOIN uncovered n ON n.n = d.n
LEFT JOIN chainDoubt x ON x.chain = d.chain
LEFT JOIN mistakable m ON m.n = d.n
LEFT JOIN elsewhere e ON e.n = d.n
