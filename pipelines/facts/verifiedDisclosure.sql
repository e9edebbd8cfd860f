-- Each disclosure of account details with the first verification of the same party's identity in the chain:
-- verifiedBefore (on or before it), verifiedAfterAt (only later). doubt = why an absence would prove nothing.
WITH disclosure AS (
  SELECT DISTINCT s.eventId, s."at", s.contactId, s.chain, s.partyId FROM chainStep s WHERE s.type = 'account-disclosed'
),
inForce AS (
  SELECT d.*, CASE WHEN p.until IS NULL OR d."at" < p.until THEN p.packKey END AS packKey
  FROM disclosure d ASOF LEFT JOIN packPeriod p ON d."at" >= p."from"
),
match AS (
  SELECT d.eventId, v.eventId AS verifiedId, v."at", v."at" <= d."at" AS before
  FROM chainStep d JOIN chainStep v ON v.chain = d.chain AND v.person = d.person AND v.type = 'identity-verified'
  WHERE d.type = 'account-disclosed'
  UNION ALL
  -- One of the two names nobody in particular, on the same contact.
  SELECT d.eventId, v.eventId, v."at", v."at" <= d."at"
  FROM chainStep d JOIN chainStep v ON v.contactId = d.contactId AND v.type = 'identity-verified'
  WHERE d.type = 'account-disclosed' AND (d.anyone OR v.anyone)
),
seen AS (
  SELECT eventId, min(verifiedId) FILTER (before) AS verifiedBefore,
    min("at") FILTER (NOT before) AS verifiedAfterAt, arg_min(verifiedId, {t: "at", id: verifiedId}) FILTER (NOT before) AS verifiedAfter
  FROM match GROUP BY eventId
),
ambiguous AS (
  SELECT DISTINCT d.eventId FROM disclosure d JOIN resolvedName r ON r.name = d.partyId AND r."at" = d."at" WHERE r.ambiguous
  UNION
  -- Either of the two names a number of several people, and they may be the same.
  SELECT d.eventId FROM stepPerson d JOIN stepPerson v ON v.chain = d.chain AND v.person = d.person AND v.type = 'identity-verified'
  WHERE d.type = 'account-disclosed' AND (d.doubtful OR v.doubtful)
),
uncovered AS (
  SELECT DISTINCT eventId FROM (
    SELECT d.eventId, v.source,
      bool_or(v."from" <= d."at" AND d."at" < v."to"
        AND (v.queues IS NULL OR coalesce(list_contains(v.queues, c.queue), false))
        AND (v.sites IS NULL OR coalesce(list_contains(v.sites, c.site), false))) AS included
    FROM disclosure d JOIN statedCoverage v ON v.type = 'identity-verified'
    LEFT JOIN contact c ON c.id = d.contactId
    GROUP BY d.eventId, v.source
  ) WHERE NOT included
)
SELECT d.eventId, d."at", d.contactId, d.chain, d.partyId, d.packKey, c.queue, s.verifiedBefore, s.verifiedAfter, s.verifiedAfterAt,
  CASE
    WHEN s.verifiedBefore IS NOT NULL THEN NULL
    WHEN p.type IS NULL OR u.eventId IS NOT NULL THEN 'not-covered'
    WHEN x.chain IS NOT NULL THEN 'conflicting-records'
    WHEN c.id IS NULL THEN 'contact-unknown'
    WHEN a.eventId IS NOT NULL THEN 'ambiguous-person'
  END AS doubt
FROM inForce d
LEFT JOIN seen s ON s.eventId = d.eventId
LEFT JOIN contact c ON c.id = d.contactId
LEFT JOIN providedStep p ON p.type = 'identity-verified'
LEFT JOIN uncovered u ON u.eventId = d.eventId
LEFT JOIN chainDoubt x ON x.chain = d.chain
LEFT JOIN ambiguous a ON a.eventId = d.eventId
