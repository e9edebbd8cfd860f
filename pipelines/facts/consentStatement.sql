-- What customers and third parties said of their data, resolved to persons at that time: given, refused or withdrawn
-- (consent records), objected (objection events; requests of type objection unless refused, until lifted).
-- `chain` NULL: it stands for every contact. `express`: a yes that can end a no (policy.md, What overrules a no):
-- verbal and keypad only where given on a contact (fine print 4). `ambiguous`: the name was that of several persons;
-- one row for each of them.
WITH said AS (
  SELECT 'consent' AS kind, c.id, c.contactId, c.subject AS name, c.status AS says, c."at", NULL::TIMESTAMP AS liftedAt,
    c.form, c.purposes, c.channels, c.expiresAt
  FROM consent c
  UNION ALL
  SELECT 'request', r.id, NULL, r.subject, 'objected', r.receivedAt, r.liftedAt, NULL, coalesce(r.purposes, ['*']), NULL, NULL
  FROM request r
  WHERE r.type = 'objection' AND r.outcome IS DISTINCT FROM 'refused'
  UNION ALL
  SELECT 'event', e.id, e.contactId, e.partyId, 'objected', e."at", NULL, NULL, ['recording'], NULL, NULL
  FROM event e ANTI JOIN party p ON p.contactId = e.contactId AND p.party = e.partyId
  WHERE e.type = 'objection' AND e.partyId IS NOT NULL
),
resolved AS (
  SELECT s.*, coalesce(n.person, s.name) AS person, coalesce(n.ambiguous, false) AS ambiguous
  FROM said s LEFT JOIN resolvedName n ON n.name = s.name AND n."at" = s."at"
  UNION ALL
  -- An objection of a party as the contact names it, or of nobody in particular: of every outsider then present.
  SELECT 'event', e.id, e.contactId, p.party, 'objected', e."at", NULL, NULL, ['recording'], NULL, NULL, p.person, p.ambiguous
  FROM event e JOIN party p ON p.contactId = e.contactId AND p.isOutsider AND p.party = e.partyId
  WHERE e.type = 'objection'
  UNION ALL
  SELECT DISTINCT 'event', e.id, e.contactId, p.party, 'objected', e."at", NULL::TIMESTAMP, NULL, ['recording'], NULL::VARCHAR[], NULL::TIMESTAMP, p.person, p.ambiguous
  FROM event e
  JOIN party p ON p.contactId = e.contactId AND p.isOutsider
  JOIN attendance a ON a.contactId = e.contactId AND a.party = p.party AND a."from" <= e."at" AND e."at" < a.until
  WHERE e.type = 'objection' AND e.partyId IS NULL
),
everybody AS (
  FROM resolved
  UNION
  SELECT r.* REPLACE (n.person AS person)
  FROM resolved r JOIN personName n ON n.name = r.name
    AND (n."from" IS NULL OR n."from" <= r."at") AND (n.until IS NULL OR r."at" < n.until)
  WHERE r.ambiguous
)
SELECT s.kind, s.id, s.contactId, CASE WHEN s.contactId IS NOT NULL THEN coalesce(k.chain, s.contactId) END AS chain,
  s.person, s.ambiguous, s.says, s."at", s.liftedAt, s.form, s.purposes, s.channels, s.expiresAt,
  coalesce(s.says = 'given' AND (s.form IN ('electronic', 'written') OR (s.form IN ('verbal', 'keypad') AND s.contactId IS NOT NULL)), false) AS express
FROM everybody s LEFT JOIN chain k ON k.contactId = s.contactId
