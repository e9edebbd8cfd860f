-- Successful accesses with each grant and assignment whose holder, action, scope and purposes fit, at whatever time:
-- inForce (from <= t < until), madeByThen (created by then, `clockTolerance` allowed), near (ended or begins within P30D).
-- doubtfulCover: whether it covers the access turns on a name of several people; doubtfulAssigner: so does who made it.
-- A grant to a role is held by whoever had the role then. An access that states no purpose contradicts none.
WITH act AS (
  SELECT rowid::INTEGER AS deed, packKey, person, staff, action, purpose FROM accessDeed
  WHERE outcome = 'success' AND actorKind IN ('staff', 'service', 'audit')
),
holder AS MATERIALIZED (
  SELECT holder, min(rowid)::INTEGER AS number FROM warrant GROUP BY holder
),
held AS MATERIALIZED (
  SELECT a.deed, h.number AS holder, '-infinity'::TIMESTAMP AS "from", 'infinity'::TIMESTAMP AS until FROM act a JOIN holder h ON h.holder = a.person
  UNION
  SELECT a.deed, h.number, r."from", coalesce(r.until, 'infinity'::TIMESTAMP)
  FROM act a JOIN staffRole r ON r.staff = a.staff JOIN holder h ON h.holder = 'role:' || r.role
),
numbered AS (
  SELECT w.rowid::INTEGER AS warrant, h.number AS holder, w.scope, w."key" FROM warrant w JOIN holder h ON h.holder = w.holder
),
-- What a warrant reaches by name.
reach AS (
  SELECT w.warrant, w.holder, o.rowid::INTEGER AS object FROM numbered w JOIN accessObject o ON o.recordingId = w."key" WHERE w.scope = 'recording'
  UNION ALL
  SELECT w.warrant, w.holder, o.rowid::INTEGER FROM numbered w JOIN accessObject o ON o.contactId = w."key" WHERE w.scope = 'contact'
  UNION ALL
  SELECT w.warrant, w.holder, o.rowid::INTEGER
  FROM numbered w JOIN (SELECT DISTINCT contactId, person FROM contactPerson) p ON p.person = w."key" JOIN accessObject o ON o.contactId = p.contactId WHERE w.scope = 'person'
),
queued AS (
  SELECT o.rowid::INTEGER AS object, c.queue FROM accessObject o JOIN contact c ON c.id = o.contactId SEMI JOIN warrant w ON w.scope = 'queue' AND w."key" = c.queue
),
fitting AS (
  SELECT r.rowid::INTEGER AS access, r."at", r.deed, r.object, w.warrant
  FROM accessRow r JOIN held h ON h.deed = r.deed AND h."from" <= r."at" AND r."at" < h.until JOIN reach w ON w.holder = h.holder AND w.object = r.object
  UNION ALL
  SELECT r.rowid::INTEGER, r."at", r.deed, r.object, w.warrant
  FROM accessRow r JOIN held h ON h.deed = r.deed AND h."from" <= r."at" AND r."at" < h.until
  JOIN queued q ON q.object = r.object JOIN numbered w ON w.scope = 'queue' AND w.holder = h.holder AND w."key" = q.queue
  UNION ALL
  SELECT r.rowid::INTEGER, r."at", r.deed, r.object, w.warrant
  FROM accessRow r JOIN held h ON h.deed = r.deed AND h."from" <= r."at" AND r."at" < h.until JOIN numbered w ON w.scope = 'all' AND w.holder = h.holder
),
permitting AS (
  SELECT f.access, f."at", f.deed, f.warrant, a.packKey, o.contactId, w.queues, w.persons
  FROM fitting f JOIN act a ON a.deed = f.deed JOIN warrant w ON w.rowid = f.warrant JOIN accessObject o ON o.rowid = f.object
  WHERE (w.actions IS NULL OR list_contains(w.actions, a.action))
    AND (w.purposes IS NULL OR a.purpose IS NULL OR list_contains(w.purposes, a.purpose))
    AND (w.contactIds IS NULL OR list_contains(w.contactIds, o.contactId))
),
inQueue AS (
  SELECT * FROM permitting WHERE queues IS NULL
  UNION ALL
  SELECT p.* FROM permitting p JOIN contact c ON c.id = p.contactId WHERE p.queues IS NOT NULL AND list_contains(p.queues, c.queue)
),
-- Where a customer is one of several persons, each of them, so that what depends on it can be told apart.
customer AS (
  SELECT contactId, list(DISTINCT person) FILTER (NOT doubtful) AS persons, list(DISTINCT person) AS candidates
  FROM contactPerson SEMI JOIN (FROM inQueue WHERE persons IS NOT NULL) USING (contactId) GROUP BY contactId
),
covering AS (
  SELECT access, "at", deed, warrant, packKey, false AS doubtfulCustomer FROM inQueue WHERE persons IS NULL
  UNION ALL
  SELECT q.access, q."at", q.deed, q.warrant, q.packKey, NOT list_has_any(coalesce(c.persons, []), q.persons)
  FROM inQueue q JOIN customer c ON c.contactId = q.contactId WHERE q.persons IS NOT NULL AND list_has_any(c.candidates, q.persons)
)
SELECT DISTINCT v.access, v.deed, w.kind, w.id, w."from", w.until, w.createdAt, w.reason, w.weakness, w.breakGlass, w.scope,
  w."from" <= v."at" AND (w.until IS NULL OR v."at" < w.until) AS inForce,
  w.createdAt <= v."at" + coalesce(p.clockTolerance, INTERVAL 0 SECOND) AS madeByThen,
  w.until <= v."at" AND w.until >= v."at" - INTERVAL 30 DAY OR w."from" > v."at" AND w."from" <= v."at" + INTERVAL 30 DAY AS near,
  w.doubtful OR v.doubtfulCustomer AS doubtfulCover, w.doubtfulAssigner,
  w.doubtful OR v.doubtfulCustomer OR w.doubtfulAssigner AS doubtful
FROM covering v JOIN warrant w ON w.rowid = v.warrant LEFT JOIN pack p ON p.packKey = v.packKey
