-- Successful accesses with each grant and assignment whose holder, action, scope and purposes fit, at whatever time:
-- inForce (from <= t < until), madeByThen (created by then, `clockTolerance` allowed), near (ended or begins within P30D).
-- doubtfulCover: whether it covers the access turns on a name of several people, or on versions that contradict one another
-- (disputed); doubtfulAssigner: so does who made it.
-- A grant to a role is held by whoever had the role then. An access that states no purpose contradicts none.
WITH act AS (
  SELECT d.rowid::INTEGER AS deed, d.person, d.staff, d.action, d.purpose, coalesce(p.clockTolerance, INTERVAL 0 SECOND) AS clockTolerance
  FROM accessDeed d LEFT JOIN pack p ON p.packKey = d.packKey
  WHERE d.outcome = 'success' AND d.actorKind IN ('staff', 'service', 'audit')
),
holder AS MATERIALIZED (
  SELECT holder, min(rowid)::INTEGER AS number FROM warrant GROUP BY holder
),
held AS MATERIALIZED (
  SELECT a.deed, h.number AS holder, false AS byRole, '-infinity'::TIMESTAMP AS "from", 'infinity'::TIMESTAMP AS until FROM act a JOIN holder h ON h.holder = a.person
  UNION
  SELECT a.deed, h.number, true, r."from", coalesce(r.until, 'infinity'::TIMESTAMP)
  FROM act a JOIN staffRole r ON r.staff = a.staff JOIN holder h ON h.holder = 'role:' || r.role
),
-- narrow: more is asked of what it reaches than its scope.
numbered AS (
  SELECT w.rowid::INTEGER AS speaker, h.number AS holder, w.kind, w.id, w.scope, w."key",
    w.scope = 'recording' AND w.contactIds IS NOT NULL OR w.scope <> 'queue' AND w.queues IS NOT NULL OR w.persons IS NOT NULL AS narrow
  FROM warrant w JOIN holder h ON h.holder = w.holder
),
-- The recordings of a contact that was opened alone and has several.
several AS (
  SELECT o.rowid::INTEGER AS object, r.id AS recordingId, count(*) OVER (PARTITION BY o.rowid) AS recordings
  FROM (SELECT rowid, contactId FROM accessObject WHERE recordingId IS NULL AND uri IS NULL) o JOIN recording r ON r.contactId = o.contactId
),
-- What a warrant reaches by name, a contact alone where it names all its recordings too; of one for several persons any of its rows speaks for all.
named AS MATERIALIZED (
  SELECT w.speaker, w.holder, w.narrow, o.rowid::INTEGER AS object FROM numbered w JOIN accessObject o ON o.recordingId = w."key" WHERE w.scope = 'recording'
  UNION ALL
  SELECT min(w.speaker), w.holder, w.narrow, s.object FROM numbered w JOIN several s ON s.recordingId = w."key"
  WHERE w.scope = 'recording' GROUP BY w.kind, w.id, w.holder, w.narrow, s.object HAVING count(DISTINCT s.recordingId) = min(s.recordings)
  UNION ALL
  SELECT w.speaker, w.holder, w.narrow, o.rowid::INTEGER FROM numbered w JOIN accessObject o ON o.contactId = w."key" WHERE w.scope = 'contact'
  UNION ALL
  SELECT min(w.speaker), w.holder, w.narrow, o.rowid::INTEGER
  FROM numbered w JOIN (SELECT DISTINCT contactId, person FROM contactPerson) p ON p.person = w."key" JOIN accessObject o ON o.contactId = p.contactId
  WHERE w.scope = 'person' GROUP BY w.kind, w.id, w.holder, w.narrow, o.rowid
),
narrow AS (
  SELECT n.speaker, n.holder, n.object, o.contactId, w.contactIds, w.queues, w.persons
  FROM (FROM named WHERE narrow) n JOIN warrant w ON w.rowid = n.speaker JOIN accessObject o ON o.rowid = n.object
  WHERE w.scope <> 'recording' OR w.contactIds IS NULL OR list_contains(w.contactIds, o.contactId)
),
inQueue AS (
  SELECT * FROM narrow WHERE queues IS NULL
  UNION ALL
  SELECT n.* FROM narrow n JOIN contact c ON c.id = n.contactId WHERE n.queues IS NOT NULL AND list_contains(n.queues, c.queue)
),
-- Where a customer is one of several persons, each of them, so that what depends on it can be told apart.
customer AS (
  SELECT contactId, list(DISTINCT person) FILTER (NOT doubtful) AS persons, list(DISTINCT person) AS candidates
  FROM contactPerson SEMI JOIN (FROM inQueue WHERE persons IS NOT NULL) USING (contactId) GROUP BY contactId
),
reach AS MATERIALIZED (
  SELECT speaker, holder, object, false AS doubtfulCustomer FROM named WHERE NOT narrow
  UNION ALL
  SELECT speaker, holder, object, false FROM inQueue WHERE persons IS NULL
  UNION ALL
  SELECT q.speaker, q.holder, q.object, NOT list_has_any(coalesce(c.persons, []), q.persons)
  FROM inQueue q JOIN customer c ON c.contactId = q.contactId WHERE q.persons IS NOT NULL AND list_has_any(c.candidates, q.persons)
),
queued AS (
  SELECT o.rowid::INTEGER AS object, c.queue FROM accessObject o JOIN contact c ON c.id = o.contactId SEMI JOIN warrant w ON w.scope = 'queue' AND w."key" = c.queue
),
fitting AS (
  SELECT r.rowid::INTEGER AS access, r."at", r.deed, w.speaker, w.doubtfulCustomer
  FROM accessRow r JOIN (FROM held WHERE NOT byRole) h ON h.deed = r.deed JOIN reach w ON w.holder = h.holder AND w.object = r.object
  UNION ALL
  -- Who has a role twice holds a warrant once.
  SELECT DISTINCT r.rowid::INTEGER, r."at", r.deed, w.speaker, w.doubtfulCustomer
  FROM accessRow r JOIN (FROM held WHERE byRole) h ON h.deed = r.deed AND h."from" <= r."at" AND r."at" < h.until JOIN reach w ON w.holder = h.holder AND w.object = r.object
  UNION ALL
  SELECT DISTINCT r.rowid::INTEGER, r."at", r.deed, w.speaker, false
  FROM accessRow r JOIN held h ON h.deed = r.deed AND h."from" <= r."at" AND r."at" < h.until
  JOIN queued q ON q.object = r.object JOIN (FROM numbered WHERE scope = 'queue') w ON w.holder = h.holder AND w."key" = q.queue
  UNION ALL
  SELECT DISTINCT r.rowid::INTEGER, r."at", r.deed, w.speaker, false
  FROM accessRow r JOIN held h ON h.deed = r.deed AND h."from" <= r."at" AND r."at" < h.until JOIN (FROM numbered WHERE scope = 'all') w ON w.holder = h.holder
)
SELECT f.access, f.deed, w.kind, w.id, w."from", w.until, w.createdAt, w.reason, w.weakness, w.breakGlass, w.scope,
  w."from" <= f."at" AND (w.until IS NULL OR f."at" < w.until) AS inForce,
  w.createdAt <= f."at" + a.clockTolerance AS madeByThen,
  w.until <= f."at" AND w.until >= f."at" - INTERVAL 30 DAY OR w."from" > f."at" AND w."from" <= f."at" + INTERVAL 30 DAY AS near,
  w.doubtful OR f.doubtfulCustomer AS doubtfulCover, w.doubtfulAssigner,
  w.doubtful OR f.doubtfulCustomer OR w.doubtfulAssigner AS doubtful, w.disputed
FROM fitting f JOIN act a ON a.deed = f.deed JOIN warrant w ON w.rowid = f.speaker
WHERE (w.actions IS NULL OR list_contains(w.actions, a.action)) AND (w.purposes IS NULL OR a.purpose IS NULL OR list_contains(w.purposes, a.purpose))
