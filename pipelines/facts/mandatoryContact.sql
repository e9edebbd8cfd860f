-- Contacts on queues that must be recorded in which staff and an outsider met: the time together, and how much of it recordings,
-- their pauses included, do not cover. Screen recordings hold no conversation. Durations in microseconds.
WITH asked AS (
  SELECT c.id AS contactId, k.chain, c.queue, c.site, c.startedAt, p.packKey, min(m.tolerance) AS tolerance
  FROM contact c
  JOIN chain k ON k.contactId = c.id
  JOIN packPeriod p ON p."from" <= c.startedAt AND (p.until IS NULL OR c.startedAt < p.until)
  JOIN packMandatoryRecording m ON m.packKey = p.packKey AND list_contains(m.queues, c.queue)
  GROUP BY ALL
),
met AS (
  SELECT a.contactId, greatest(o."from", s."from") AS "from", least(o.until, s.until) AS until
  FROM asked a
  JOIN attendance o ON o.contactId = a.contactId AND o.isOutsider
  JOIN attendance s ON s.contactId = a.contactId AND NOT s.isOutsider
  WHERE greatest(o."from", s."from") < least(o.until, s.until)
),
span AS (
  SELECT r.contactId, r.recordingId, r."from", r.until FROM recordingSpan r SEMI JOIN asked USING (contactId)
  WHERE r.medium <> 'screen' AND r."from" < r.until
),
-- Time is cut at every beginning and end; each piece is together or not, recorded or not.
edge AS (
  SELECT contactId, "from" AS "at" FROM met UNION SELECT contactId, until FROM met
  UNION SELECT contactId, "from" FROM span UNION SELECT contactId, until FROM span
),
piece AS (
  SELECT contactId, "at" AS "from", lead("at") OVER (PARTITION BY contactId ORDER BY "at") AS until FROM edge
),
judged AS (
  SELECT p.contactId, p."from", p.until,
    EXISTS (SELECT 1 FROM span s WHERE s.contactId = p.contactId AND s."from" <= p."from" AND p.until <= s.until) AS recorded
  FROM piece p
  WHERE p.until IS NOT NULL
    AND EXISTS (SELECT 1 FROM met m WHERE m.contactId = p.contactId AND m."from" <= p."from" AND p.until <= m.until)
),
measured AS (
  SELECT contactId, sum(epoch_us(until) - epoch_us("from"))::BIGINT AS together,
    coalesce(sum(epoch_us(until) - epoch_us("from")) FILTER (NOT recorded), 0)::BIGINT AS uncovered, min("from") FILTER (NOT recorded) AS firstUncovered
  FROM judged GROUP BY contactId
),
held AS (
  SELECT contactId, count(*) AS recordings, list_sort(list(recordingId)) AS recordingIds FROM span GROUP BY contactId
),
-- A recorded refusal: an outsider's no to recording in force at some time before the contact's end.
refused AS (
  SELECT a.contactId, min({"at": s."at", kind: s.kind, id: s.id}) AS refusal, bool_and(s.ambiguous OR p.ambiguous) AS ambiguous
  FROM asked a
  JOIN party p ON p.contactId = a.contactId AND p.isOutsider
  JOIN contact c ON c.id = a.contactId
  JOIN consentStatement s ON s.person = p.person AND s.says <> 'given' AND (s.chain IS NULL OR s.chain = a.chain)
    AND (s.channels IS NULL OR list_contains(s.channels, c.channel)) AND (list_contains(s.purposes, 'recording') OR list_contains(s.purposes, '*'))
    AND (c.endedAt IS NULL OR s."at" <= c.endedAt) AND (s.liftedAt IS NULL OR s.liftedAt > c.startedAt)
  WHERE NOT EXISTS (SELECT 1 FROM consentStatement y WHERE y.person = s.person AND y.express AND NOT y.ambiguous AND y."at" > s."at" AND y."at" <= c.startedAt
    AND (y.chain IS NULL OR y.chain = a.chain) AND (y.channels IS NULL OR list_contains(y.channels, c.channel))
    AND (list_contains(y.purposes, 'recording') OR list_contains(y.purposes, '*')))
  GROUP BY a.contactId
),
-- A no of which no version can be used: perhaps one was in force.
disputed AS (
  SELECT x.kind, x.id, s.subject AS name, s.contactId FROM conflict x JOIN stored_consent s ON s.id = x.id WHERE x.kind = 'consent' AND s.status <> 'given'
  UNION
  SELECT x.kind, x.id, s.subject, NULL FROM conflict x JOIN stored_request s ON s.id = x.id WHERE x.kind = 'request' AND s.type = 'objection'
  UNION
  SELECT x.kind, x.id, s.partyId, s.contactId FROM conflict x JOIN stored_event s ON s.id = x.id WHERE x.kind = 'event' AND s.type = 'objection'
),
perhaps AS (
  SELECT a.contactId, min(d.kind || '/' || d.id) AS id
  FROM disputed d
  LEFT JOIN chain h ON h.contactId = d.contactId
  LEFT JOIN personName n ON n.name = d.name
  JOIN party p ON p.isOutsider AND p.person = coalesce(n.person, d.name)
  JOIN asked a ON a.contactId = p.contactId AND (h.chain IS NULL OR h.chain = a.chain)
  GROUP BY a.contactId
),
looked AS (
  SELECT DISTINCT a.contactId
  FROM asked a JOIN coverageWindow w ON w.kind = 'recording' AND w."from" <= a.startedAt AND a.startedAt < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, a.queue)) AND (w.sites IS NULL OR list_contains(w.sites, a.site))
),
contested AS (
  SELECT contactId, min(id) AS id FROM conflictContact WHERE kind = 'recording' GROUP BY contactId
)
SELECT a.contactId, a.queue, a.site, a.startedAt, a.packKey, a.tolerance, m.together, m.uncovered, m.firstUncovered,
  coalesce(h.recordings, 0) AS recordings, h.recordingIds, coalesce(x.id, CASE WHEN f.refusal IS NULL THEN y.id END) AS contested, f.refusal,
  CASE
    WHEN x.id IS NOT NULL THEN 'conflicting-records'
    WHEN f.refusal IS NOT NULL AND f.ambiguous THEN 'ambiguous-person'
    WHEN f.refusal IS NOT NULL THEN 'refused'
    WHEN (h.recordings IS NULL OR m.uncovered > epoch_us('epoch'::TIMESTAMP + a.tolerance)) AND k.contactId IS NULL THEN 'not-covered'
    WHEN y.id IS NOT NULL AND (h.recordings IS NULL OR m.uncovered > epoch_us('epoch'::TIMESTAMP + a.tolerance)) THEN 'conflicting-records'
    WHEN h.recordings IS NULL THEN 'missing'
    WHEN m.uncovered > epoch_us('epoch'::TIMESTAMP + a.tolerance) THEN 'incomplete'
  END AS reason
FROM asked a
JOIN measured m ON m.contactId = a.contactId
LEFT JOIN held h ON h.contactId = a.contactId
LEFT JOIN refused f ON f.contactId = a.contactId
LEFT JOIN looked k ON k.contactId = a.contactId
LEFT JOIN contested x ON x.contactId = a.contactId
LEFT JOIN perhaps y ON y.contactId = a.contactId
