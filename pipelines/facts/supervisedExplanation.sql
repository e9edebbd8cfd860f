-- Accesses that supervises-handler explains: one row for each staff member of the contact whom the person supervises.
-- doubt: it may hold, and the records cannot tell.
WITH actor AS (
  SELECT DISTINCT staff, who FROM explainableDeed WHERE staff IS NOT NULL
),
overseer AS MATERIALIZED (
  SELECT s.who, v.staff, v.doubtful, v."from", coalesce(v.until, 'infinity'::TIMESTAMP) AS until FROM supervision v JOIN actor s ON s.staff = v.supervisor
),
overseen AS (
  SELECT o.rowid::INTEGER AS object, s.staff, s.doubtful, o.contactStartedAt, o.contactEndedAt
  FROM contactStaff s JOIN accessObject o ON o.contactId = s.contactId WHERE o.contactKnown
),
supervised AS (
  SELECT r.rowid::INTEGER AS access, s.staff AS id, CASE WHEN s.doubtful OR v.doubtful THEN 'ambiguous-person' END AS doubt
  FROM accessRow r
  JOIN (FROM explainableDeed SEMI JOIN overseer USING (who) WHERE list_contains(explanations, 'supervises-handler')) a ON a.deed = r.deed
  JOIN overseen s ON s.object = r.object
  JOIN overseer v ON v.who = a.who AND v.staff = s.staff
  WHERE v."from" <= r."at" AND r."at" < v.until
    OR v."from" <= coalesce(s.contactEndedAt, s.contactStartedAt) AND s.contactStartedAt < v.until
)
SELECT access, id, CASE WHEN bool_and(doubt IS NOT NULL) THEN min(doubt) END AS doubt FROM supervised GROUP BY access, id
