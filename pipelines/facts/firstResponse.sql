-- Contacts that somebody waited on: first customer message to the first agent message after it, else
-- queueing to answer (fine print 25), with the target of the channel then. due = waitedFrom + target.
WITH asked AS (
  SELECT contactId, min("at") AS "at", arg_min(id, {t: "at", id: id}) AS eventId
  FROM event WHERE type = 'customer-message' GROUP BY contactId
),
answered AS (
  SELECT a.contactId, min(e."at") AS "at", arg_min(e.id, {t: e."at", id: e.id}) AS eventId
  FROM asked a JOIN event e ON e.contactId = a.contactId AND e.type = 'agent-message' AND e."at" >= a."at"
  GROUP BY a.contactId
),
waited AS (
  SELECT c.id AS contactId, c.channel, c.queue, c.site, a.eventId IS NOT NULL AS byMessage,
    coalesce(a."at", c.queuedAt) AS waitedFrom, a.eventId AS askedId,
    -- An answer later than the run's as-of does not exist yet.
    CASE WHEN a.eventId IS NOT NULL THEN r."at" WHEN c.answeredAt <= run.asOf THEN c.answeredAt END AS answeredAt,
    r.eventId AS answeredId
  FROM contact c CROSS JOIN run
  LEFT JOIN asked a ON a.contactId = c.id
  LEFT JOIN answered r ON r.contactId = c.id
  WHERE a.eventId IS NOT NULL OR c.queuedAt <= run.asOf
),
inForce AS (
  SELECT w.*, CASE WHEN p.until IS NULL OR w.waitedFrom < p.until THEN p.packKey END AS packKey
  FROM waited w ASOF LEFT JOIN packPeriod p ON w.waitedFrom >= p."from"
),
timed AS (
  SELECT f.*, t.within, f.waitedFrom + t.within AS due
  FROM inForce f LEFT JOIN packResponse t ON t.packKey = f.packKey AND t.channel = f.channel
),
uncovered AS (
  SELECT DISTINCT contactId FROM (
    SELECT t.contactId, v.source,
      bool_or(v."from" <= t.waitedFrom AND t.waitedFrom < v."to"
        AND (v.queues IS NULL OR coalesce(list_contains(v.queues, t.queue), false))
        AND (v.sites IS NULL OR coalesce(list_contains(v.sites, t.site), false))) AS included
    FROM timed t JOIN statedCoverage v ON v.type = 'agent-message'
    WHERE t.byMessage AND t.answeredAt IS NULL AND t.due IS NOT NULL
    GROUP BY t.contactId, v.source
  ) WHERE NOT included
)
SELECT t.contactId, t.channel, t.queue, t.byMessage, t.waitedFrom, t.askedId, t.answeredAt, t.answeredId, t.packKey, t.within, t.due,
  CASE WHEN NOT t.byMessage THEN NULL
       WHEN p.type IS NULL OR u.contactId IS NOT NULL THEN 'not-covered'
       WHEN x.contactId IS NOT NULL THEN 'conflicting-records' END AS doubt
FROM timed t
LEFT JOIN providedStep p ON p.type = 'agent-message'
LEFT JOIN uncovered u ON u.contactId = t.contactId
LEFT JOIN (SELECT DISTINCT contactId FROM conflictContact WHERE kind = 'event') x ON x.contactId = t.contactId
