-- Each successful monitor, whisper and barge with the authority for it at that moment: supervision of an agent who is on
-- the contact then, a grant, or an assignment to review, coach or calibrate made by somebody else.
-- forbidden: the contact's queue is one that the policy never lets anybody monitor.
WITH act AS (
  SELECT access, "at", packKey, staff, contactId FROM accessAct
  WHERE outcome = 'success' AND action IN ('monitor', 'whisper', 'barge')
),
never AS (
  SELECT DISTINCT packKey, q.queue FROM packNeverMonitor, unnest(queues) AS q(queue)
),
-- From the first arrival to the last departure: an agent on hold is still on the contact.
agent AS (
  SELECT s.contactId, s.staff, s.doubtful, min(p."from") AS "from", max(coalesce(p.until, 'infinity'::TIMESTAMP)) AS until
  FROM contactStaff s JOIN presence p ON p.contactId = s.contactId AND p.party = s.party AND p.role = s.role
  WHERE s.role = 'agent' AND s.contactId IN (SELECT contactId FROM act)
  GROUP BY s.contactId, s.staff, s.doubtful
),
-- Where nothing is said of an agent but the contact's span, the agent is taken to be there for all of the monitoring.
supervised AS (
  SELECT a.access, 'staff' AS kind, g.staff AS id, g.doubtful OR v.doubtful AS doubtful, false AS disputed
  FROM act a
  JOIN agent g ON g.contactId = a.contactId
  JOIN supervision v ON v.supervisor = a.staff AND v.staff = g.staff AND v."from" <= a."at" AND (v.until IS NULL OR a."at" < v.until)
  JOIN contact c ON c.id = a.contactId
  LEFT JOIN pack p ON p.packKey = a.packKey
  WHERE (g."from" <= c.startedAt OR g."from" <= a."at" + coalesce(p.clockTolerance, INTERVAL 0 SECOND))
    AND (g.until >= c.endedAt OR a."at" < g.until + coalesce(p.clockTolerance, INTERVAL 0 SECOND))
),
warranted AS (
  SELECT access, kind, id, doubtful, disputed FROM accessWarrant SEMI JOIN act USING (access)
  WHERE inForce AND madeByThen AND (kind = 'grant' OR weakness IS NULL AND reason IN ('quality-review', 'coaching', 'calibration'))
),
authority AS (
  SELECT access, bool_or(NOT doubtful) AS sure, bool_and(disputed) AS disputed, list(DISTINCT {kind: kind, id: id}) AS support
  FROM (FROM supervised UNION ALL FROM warranted) GROUP BY access
)
SELECT a.access, c.queue, n.queue IS NOT NULL AS forbidden, coalesce(u.sure, false) AS authorised,
  u.access IS NOT NULL AND NOT u.sure AS doubtful, coalesce(u.disputed, false) AS disputed, list_sort(u.support) AS support
FROM act a
LEFT JOIN contact c ON c.id = a.contactId
LEFT JOIN never n ON n.packKey = a.packKey AND n.queue = c.queue
LEFT JOIN authority u ON u.access = a.access
ORDER BY a.access
