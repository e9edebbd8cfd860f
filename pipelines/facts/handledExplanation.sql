-- Accesses that handled-contact explains: one row for each contact of the chain that the person handled.
-- doubt: it may hold, and the records cannot tell.
WITH actor AS (
  SELECT DISTINCT staff, who FROM explainableDeed WHERE staff IS NOT NULL
),
handler AS (
  SELECT o.rowid::INTEGER AS object, s.who, h.handledId, h.since, h.doubtful, o.contactStartedAt, o.contactEndedAt
  FROM contactHandler h JOIN actor s ON s.staff = h.staff JOIN accessObject o ON o.contactId = h.contactId WHERE o.contactKnown
),
handled AS (
  SELECT r.rowid::INTEGER AS access, h.handledId AS id,
    CASE WHEN h.doubtful THEN 'ambiguous-person'
      WHEN h.contactEndedAt IS NULL AND r."at" > h.contactStartedAt + a.handledContact THEN 'contact-end-unknown' END AS doubt
  FROM accessRow r
  JOIN (FROM explainableDeed WHERE list_contains(explanations, 'handled-contact')) a ON a.deed = r.deed
  JOIN handler h ON h.object = r.object AND h.who = a.who
  WHERE h.since <= r."at" + a.clockTolerance
    AND (a.handledContact IS NULL OR h.contactEndedAt IS NULL OR r."at" <= h.contactEndedAt + a.handledContact)
)
SELECT access, id, doubt FROM handled
