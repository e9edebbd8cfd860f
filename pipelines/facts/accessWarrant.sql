-- Successful accesses with each grant and assignment whose holder, action, scope and purposes fit, at whatever time:
-- inForce (from <= t < until), madeByThen (created by then, `clockTolerance` allowed), near (ended or begins within P30D).
-- doubtfulCover: whether it covers the access turns on a name of several people; doubtfulAssigner: so does who made it.
-- A grant to a role is held by whoever had the role then. An access that states no purpose contradicts none.
WITH act AS (
  SELECT a.accessId, a."at", a.packKey, a.person, a.staff, a.action, a.purpose, a.recordingId, a.contactId
  FROM accessAct a WHERE a.outcome = 'success' AND a.actorKind IN ('staff', 'service', 'audit')
),
holder AS (
  SELECT accessId, person AS holder FROM act SEMI JOIN warrant w ON w.holder = act.person
  UNION
  SELECT a.accessId, 'role:' || r.role
  FROM act a JOIN staffRole r ON r.staff = a.staff AND r."from" <= a."at" AND (r.until IS NULL OR a."at" < r.until)
  SEMI JOIN warrant w ON w.holder = 'role:' || r.role
),
held AS (
  SELECT a.*, h.holder FROM holder h JOIN act a ON a.accessId = h.accessId
),
-- Where a customer is one of several persons, each of them, so that what depends on it can be told apart.
customer AS (
  SELECT contactId, list(DISTINCT person) FILTER (NOT doubtful) AS persons, list(DISTINCT person) AS candidates
  FROM contactPerson SEMI JOIN held USING (contactId) GROUP BY contactId
),
fitting AS (
  SELECT h.*, w.* EXCLUDE (holder) FROM held h JOIN warrant w ON w.holder = h.holder AND w.scope = 'recording' AND w."key" = h.recordingId
  UNION ALL
  SELECT h.*, w.* EXCLUDE (holder) FROM held h JOIN warrant w ON w.holder = h.holder AND w.scope = 'contact' AND w."key" = h.contactId
  UNION ALL
  SELECT h.*, w.* EXCLUDE (holder) FROM held h JOIN (SELECT DISTINCT contactId, person FROM contactPerson) p ON p.contactId = h.contactId
    JOIN warrant w ON w.holder = h.holder AND w.scope = 'person' AND w."key" = p.person
  UNION ALL
  SELECT h.*, w.* EXCLUDE (holder) FROM held h JOIN contact c ON c.id = h.contactId JOIN warrant w ON w.holder = h.holder AND w.scope = 'queue' AND w."key" = c.queue
  UNION ALL
  SELECT h.*, w.* EXCLUDE (holder) FROM held h JOIN warrant w ON w.holder = h.holder AND w.scope = 'all'
),
covering AS (
  SELECT f.*, c.queue, f.persons IS NOT NULL AND NOT list_has_any(coalesce(p.persons, []), f.persons) AS doubtfulCustomer
  FROM fitting f
  LEFT JOIN contact c ON c.id = f.contactId
  LEFT JOIN customer p ON p.contactId = f.contactId
  WHERE (f.actions IS NULL OR list_contains(f.actions, f.action))
    AND (f.purposes IS NULL OR f.purpose IS NULL OR list_contains(f.purposes, f.purpose))
    AND (f.contactIds IS NULL OR list_contains(f.contactIds, f.contactId))
    AND (f.queues IS NULL OR list_contains(f.queues, c.queue))
    AND (f.persons IS NULL OR list_has_any(coalesce(p.candidates, []), f.persons))
)
SELECT DISTINCT v.accessId, v.kind, v.id, v."from", v.until, v.createdAt, v.reason, v.weakness, v.breakGlass, v.scope,
  v."from" <= v."at" AND (v.until IS NULL OR v."at" < v.until) AS inForce,
  v.createdAt <= v."at" + coalesce(p.clockTolerance, INTERVAL 0 SECOND) AS madeByThen,
  v.until <= v."at" AND v.until >= v."at" - INTERVAL 30 DAY OR v."from" > v."at" AND v."from" <= v."at" + INTERVAL 30 DAY AS near,
  v.doubtful OR v.doubtfulCustomer AS doubtfulCover, v.doubtfulAssigner,
  v.doubtful OR v.doubtfulCustomer OR v.doubtfulAssigner AS doubtful
FROM covering v LEFT JOIN pack p ON p.packKey = v.packKey
