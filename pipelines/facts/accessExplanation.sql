-- Every explanation that holds for each successful access but list, with the record that supports it
-- (controls.md, access). strength weak: an assignment made by its holder or by nobody; it does not explain.
-- doubt: it may hold, and the records cannot tell. Templates that the pack in force does not list are left out;
-- service and audit follow from its `services` and `auditPrincipals`.
WITH act AS (
  SELECT a.accessId, a."at", a.packKey, a.actorKind, a.actor, a.staff, a.action, a.purpose, a.contactId, a.recordingId, a.uri
  FROM accessAct a WHERE a.outcome = 'success' AND a.action <> 'list'
),
allowed AS (
  SELECT packKey, e.template, handledContact, recentContact, clockTolerance FROM pack, unnest(explanations) AS e(template)
),
handled AS (
  SELECT a.accessId, 'handled-contact' AS template, 'contact' AS kind, h.handledId AS id,
    CASE WHEN h.doubtful THEN 'ambiguous-person'
      WHEN c.endedAt IS NULL AND a."at" > c.startedAt + p.handledContact THEN 'contact-end-unknown' END AS doubt
  FROM act a
  JOIN allowed p ON p.packKey = a.packKey AND p.template = 'handled-contact'
  JOIN contactHandler h ON h.contactId = a.contactId AND h.staff = a.staff
  JOIN contact c ON c.id = a.contactId
  WHERE h.since <= a."at" + coalesce(p.clockTolerance, INTERVAL 0 SECOND)
    AND (p.handledContact IS NULL OR c.endedAt IS NULL OR a."at" <= c.endedAt + p.handledContact)
),
supervised AS (
  SELECT a.accessId, 'supervises-handler' AS template, 'staff' AS kind, s.staff AS id, CASE WHEN s.doubtful THEN 'ambiguous-person' END AS doubt
  FROM act a
  JOIN allowed p ON p.packKey = a.packKey AND p.template = 'supervises-handler'
  JOIN contactStaff s ON s.contactId = a.contactId
  JOIN supervision v ON v.supervisor = a.staff AND v.staff = s.staff
  JOIN contact c ON c.id = a.contactId
  WHERE v."from" <= a."at" AND (v.until IS NULL OR a."at" < v.until)
    OR v."from" <= coalesce(c.endedAt, c.startedAt) AND (v.until IS NULL OR c.startedAt < v.until)
),
-- Joined by equality first and cut by time last: the other way round every act meets every contact of the period.
shared AS MATERIALIZED (
  SELECT s.staff, mine.contactId, theirs.contactId AS otherId, mine.doubtful OR theirs.doubtful OR s.doubtful AS doubtful
  FROM contactPerson mine
  JOIN contactPerson theirs ON theirs.person = mine.person AND theirs.role = 'customer' AND theirs.contactId <> mine.contactId
  JOIN contactStaff s ON s.contactId = theirs.contactId
  WHERE mine.role = 'customer'
),
met AS MATERIALIZED (
  SELECT a.accessId, a."at", p.recentContact, m.otherId, m.doubtful
  FROM act a
  JOIN allowed p ON p.packKey = a.packKey AND p.template = 'recent-contact'
  JOIN shared m ON m.contactId = a.contactId AND m.staff = a.staff
),
recent AS (
  SELECT m.accessId, 'recent-contact' AS template, 'contact' AS kind, other.id AS id, CASE WHEN m.doubtful THEN 'ambiguous-person' END AS doubt
  FROM met m JOIN contact other ON other.id = m.otherId
  WHERE other.startedAt <= m."at" AND other.startedAt >= m."at" - m.recentContact
),
warranted AS (
  SELECT w.accessId, w.kind AS template, w.kind AS kind, w.id AS id, CASE WHEN w.doubtful THEN 'ambiguous-person' END AS doubt, w.weakness
  FROM accessWarrant w JOIN act a ON a.accessId = w.accessId
  JOIN allowed p ON p.packKey = a.packKey AND p.template = w.kind
  WHERE w.inForce AND w.madeByThen
),
declared AS (
  SELECT DISTINCT a.accessId, 'service' AS template
  FROM act a JOIN packService s ON s.packKey = a.packKey AND s.id = a.actor
  WHERE a.actorKind IN ('service', 'audit') AND (a.purpose IS NULL OR s.purposes IS NULL OR list_contains(s.purposes, a.purpose))
),
audited AS (
  SELECT DISTINCT a.accessId, 'audit' AS template
  FROM act a JOIN pack p ON p.packKey = a.packKey AND list_contains(p.auditPrincipals, a.actor)
  LEFT JOIN recording r ON r.id = a.recordingId
  JOIN auditedObject o ON o.uri = coalesce(a.uri, r.uri)
    AND o."from" - coalesce(p.clockTolerance, INTERVAL 0 SECOND) <= a."at" AND a."at" <= o.until + coalesce(p.clockTolerance, INTERVAL 0 SECOND)
  WHERE a.actorKind IN ('service', 'audit') AND a.action IN ('view', 'play', 'download')
)
SELECT accessId, template, 'strong' AS strength, kind, id, doubt FROM handled
UNION ALL
SELECT accessId, template, 'strong', kind, id, CASE WHEN bool_and(doubt IS NOT NULL) THEN min(doubt) END FROM (
  FROM supervised UNION ALL FROM recent
) GROUP BY accessId, template, kind, id
UNION ALL
SELECT accessId, template, CASE WHEN weakness IS NULL THEN 'strong' ELSE 'weak' END, kind, id, doubt FROM warranted
UNION ALL
SELECT accessId, template, 'strong', NULL, NULL, NULL FROM (FROM declared UNION ALL FROM audited)
