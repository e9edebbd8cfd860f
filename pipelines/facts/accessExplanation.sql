-- Every explanation that holds for each successful access but list, with the record that supports it
-- (controls.md, access). strength weak: an assignment made by its holder or by nobody; it does not explain.
-- doubt: it may hold, and the records cannot tell. Templates that the pack in force does not list are left out;
-- service and audit follow from its `services` and `auditPrincipals`.
WITH act AS MATERIALIZED (
  SELECT d.rowid::INTEGER AS deed, d.packKey, d.actorKind, d.actor, d.who, d.staff, d.action, d.purpose, p.explanations, p.handledContact, p.recentContact,
    coalesce(p.clockTolerance, INTERVAL 0 SECOND) AS clockTolerance, p.auditPrincipals
  FROM accessDeed d JOIN pack p ON p.packKey = d.packKey WHERE d.outcome = 'success' AND d.action <> 'list'
),
-- Staff who acted, by their number.
actor AS MATERIALIZED (
  SELECT DISTINCT staff, who FROM act WHERE staff IS NOT NULL
),
handler AS (
  SELECT o.rowid::INTEGER AS object, s.who, h.handledId, h.since, h.doubtful, o.contactStartedAt, o.contactEndedAt
  FROM contactHandler h JOIN actor s ON s.staff = h.staff JOIN accessObject o ON o.contactId = h.contactId WHERE o.contactKnown
),
handled AS (
  SELECT r.rowid::INTEGER AS access, 'handled-contact' AS template, 'contact' AS kind, h.handledId AS id,
    CASE WHEN h.doubtful THEN 'ambiguous-person'
      WHEN h.contactEndedAt IS NULL AND r."at" > h.contactStartedAt + a.handledContact THEN 'contact-end-unknown' END AS doubt
  FROM accessRow r
  JOIN (FROM act WHERE list_contains(explanations, 'handled-contact')) a ON a.deed = r.deed
  JOIN handler h ON h.object = r.object AND h.who = a.who
  WHERE h.since <= r."at" + a.clockTolerance
    AND (a.handledContact IS NULL OR h.contactEndedAt IS NULL OR r."at" <= h.contactEndedAt + a.handledContact)
),
overseer AS MATERIALIZED (
  SELECT s.who, v.staff, v."from", coalesce(v.until, 'infinity'::TIMESTAMP) AS until FROM supervision v JOIN actor s ON s.staff = v.supervisor
),
overseen AS (
  SELECT o.rowid::INTEGER AS object, s.staff, s.doubtful, o.contactStartedAt, o.contactEndedAt
  FROM contactStaff s JOIN accessObject o ON o.contactId = s.contactId WHERE o.contactKnown
),
supervised AS (
  SELECT r.rowid::INTEGER AS access, 'supervises-handler' AS template, 'staff' AS kind, s.staff AS id, CASE WHEN s.doubtful THEN 'ambiguous-person' END AS doubt
  FROM accessRow r
  JOIN (FROM act SEMI JOIN overseer USING (who) WHERE list_contains(explanations, 'supervises-handler')) a ON a.deed = r.deed
  JOIN overseen s ON s.object = r.object
  JOIN overseer v ON v.who = a.who AND v.staff = s.staff
  WHERE v."from" <= r."at" AND r."at" < v.until
    OR v."from" <= coalesce(s.contactEndedAt, s.contactStartedAt) AND s.contactStartedAt < v.until
),
-- Customers of more than one contact, by number: joined by equality first and cut by time last.
customer AS MATERIALIZED (
  SELECT person, (row_number() OVER ())::INTEGER AS number FROM contactPerson WHERE role = 'customer' GROUP BY person HAVING count(*) > 1
),
mine AS (
  SELECT o.rowid::INTEGER AS object, o.contactId, n.number AS person, c.doubtful
  FROM contactPerson c JOIN customer n ON n.person = c.person JOIN accessObject o ON o.contactId = c.contactId WHERE c.role = 'customer'
),
theirs AS (
  SELECT n.number AS person, a.who, c.contactId, o.startedAt, c.doubtful OR s.doubtful AS doubtful
  FROM contactPerson c JOIN customer n ON n.person = c.person JOIN contactStaff s ON s.contactId = c.contactId JOIN actor a ON a.staff = s.staff
  JOIN contact o ON o.id = c.contactId WHERE c.role = 'customer'
),
recent AS (
  SELECT r.rowid::INTEGER AS access, 'recent-contact' AS template, 'contact' AS kind, t.contactId AS id, CASE WHEN m.doubtful OR t.doubtful THEN 'ambiguous-person' END AS doubt
  FROM accessRow r
  JOIN (FROM act WHERE list_contains(explanations, 'recent-contact')) a ON a.deed = r.deed
  JOIN mine m ON m.object = r.object
  JOIN theirs t ON t.person = m.person AND t.who = a.who AND t.contactId <> m.contactId
  WHERE t.startedAt <= r."at" AND t.startedAt >= r."at" - a.recentContact
),
warranted AS (
  SELECT w.access, w.kind AS template, w.kind AS kind, w.id AS id, CASE WHEN w.doubtful THEN 'ambiguous-person' END AS doubt, w.weakness
  FROM accessWarrant w JOIN act a ON a.deed = w.deed AND list_contains(a.explanations, w.kind)
  WHERE w.inForce AND w.madeByThen
),
declared AS (
  SELECT DISTINCT a.deed
  FROM act a JOIN packService s ON s.packKey = a.packKey AND s.id = a.actor
  WHERE a.actorKind IN ('service', 'audit') AND (a.purpose IS NULL OR s.purposes IS NULL OR list_contains(s.purposes, a.purpose))
),
audited AS (
  SELECT DISTINCT r.rowid::INTEGER AS access
  FROM (FROM act WHERE list_contains(auditPrincipals, actor) AND actorKind IN ('service', 'audit') AND action IN ('view', 'play', 'download')) a
  JOIN accessRow r ON r.deed = a.deed
  JOIN accessObject b ON b.rowid = r.object
  LEFT JOIN recording g ON g.id = b.recordingId
  JOIN auditedObject o ON o.uri = coalesce(b.uri, g.uri) AND o."from" - a.clockTolerance <= r."at" AND r."at" <= o.until + a.clockTolerance
),
stated AS (
  SELECT access, template, 'strong' AS strength, kind, id, doubt FROM handled
  UNION ALL
  SELECT access, template, 'strong', kind, id, CASE WHEN bool_and(doubt IS NOT NULL) THEN min(doubt) END FROM (
    FROM supervised UNION ALL FROM recent
  ) GROUP BY access, template, kind, id
  UNION ALL
  SELECT access, template, CASE WHEN weakness IS NULL THEN 'strong' ELSE 'weak' END, kind, id, doubt FROM warranted
  UNION ALL
  SELECT r.rowid::INTEGER, 'service', 'strong', NULL, NULL, NULL FROM accessRow r JOIN declared d ON d.deed = r.deed
  UNION ALL
  SELECT access, 'audit', 'strong', NULL, NULL, NULL FROM audited
)
-- One byte instead of a text for what has few values: there is a row or more for every access.
SELECT access, template::ENUM('handled-contact', 'supervises-handler', 'assignment', 'grant', 'recent-contact', 'service', 'audit') AS template,
  strength::ENUM('strong', 'weak') AS strength, kind::ENUM('contact', 'staff', 'assignment', 'grant') AS kind, id, doubt
FROM stated
