WITH shown AS (
  SELECT s.recordingId, max(s.seenAt) AS seenAt, arg_max(s.objectId, {t: s.seenAt, id: s.objectId}) AS objectId
  FROM storedCopy s JOIN recording r ON r.id = s.recordingId WHERE s.seenAt > r.deletedAt GROUP BY s.recordingId
),
-- Requests of which no version can be used: of those that asked for erasure, each version's subject.
contested AS (
  SELECT DISTINCT c.contactId FROM conflict x JOIN stored_request q ON x.kind = 'request' AND q.id = x.id AND q.type = 'erasure'
  LEFT JOIN personName n ON n.name = q.subject JOIN contactPerson c ON c.person = coalesce(n.person, q.subject)
),
asked AS (
  SELECT e.*, t.startedAt, t.deletedAt, t.queue, t.site, t.packKey AS ownPack, t.perhapsKeepUntil, t.keepUntil, t.doubt AS termDoubt,
    h.sure AS held, h.doubt AS holdDoubt, s.seenAt, s.objectId, run."asOf" AS now
  FROM recordingErasure e CROSS JOIN run
  JOIN retentionTerm t ON t.recordingId = e.recordingId
  LEFT JOIN recordingHeld h ON h.recordingId = e.recordingId
  LEFT JOIN shown s ON s.recordingId = e.recordingId
),
watched AS (
  SELECT DISTINCT a.recordingId FROM asked a JOIN coverageWindow w ON w.kind = 'hold' AND w."from" <= a.due AND a.due < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, a.queue)) AND (w.sites IS NULL OR list_contains(w.sites, a.site))
),
each AS (
  SELECT a.*, CASE
    WHEN a.deletedAt IS NOT NULL AND a.seenAt IS NULL THEN NULL
    WHEN a.due IS NULL THEN 'no-term'
    WHEN a.now <= a.due THEN 'not-yet-due'
    WHEN a.held THEN 'held'
    WHEN a.keepUntil > a.now THEN 'keep-duty'
    WHEN a.doubt IS NOT NULL THEN a.doubt
    WHEN a.holdDoubt IS NOT NULL THEN a.holdDoubt
    WHEN a.termDoubt = 'no-policy' OR a.perhapsKeepUntil > a.now THEN a.termDoubt
    WHEN w.recordingId IS NULL THEN 'not-covered'
    WHEN a.deletedAt IS NULL THEN 'still-there'
    ELSE 'copy-still-there' END AS reason
  FROM asked a LEFT JOIN watched w ON w.recordingId = a.recordingId
),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY recordingId ORDER BY CASE
    WHEN reason IN ('still-there', 'copy-still-there') THEN 0 WHEN reason IS NULL THEN 3 WHEN reason IN ('not-yet-due', 'held', 'keep-duty') THEN 2 ELSE 1 END, due, requestId) AS place
  FROM each
),
judged AS (
  SELECT t.recordingId, t.contactId, t.startedAt, t.deletedAt, t.queue, r.requestId, r.receivedAt, r.due, r.party, r.packKey, r.seenAt, r.objectId,
    CASE WHEN r.reason IN ('still-there', 'copy-still-there') THEN r.reason WHEN d.contactId IS NOT NULL AND t.deletedAt IS NULL THEN 'conflicting-records'
      WHEN r.recordingId IS NULL THEN 'no-erasure' ELSE r.reason END AS reason
  FROM retentionTerm t
  LEFT JOIN ranked r ON r.recordingId = t.recordingId AND r.place = 1
  LEFT JOIN contested d ON d.contactId = t.contactId
  UNION ALL BY NAME
  SELECT id AS recordingId, contactId, 'conflicting-records' AS reason FROM conflict WHERE kind = 'recording'
)
SELECT recordingId AS unit, coalesce(due, startedAt) AS "at", contactId, recordingId, party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason IN ('still-there', 'copy-still-there') THEN 'fail'
    WHEN reason IN ('no-erasure', 'not-yet-due', 'held', 'keep-duty') THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, 'request ' || requestId AS cause, packKey, 'requests.erasure' AS ruleRef, NULL AS law,
  CASE WHEN reason IN ('still-there', 'copy-still-there') THEN list_filter([{kind: 'recording', id: recordingId}, {kind: 'request', id: requestId}, {kind: 'storedObject', id: objectId}], lambda x: x.id IS NOT NULL) END AS evidence,
  NULL AS contrary, CASE WHEN reason IN ('still-there', 'copy-still-there') THEN [party] END AS searched,
  CASE WHEN requestId IS NOT NULL AND reason IS NOT NULL THEN to_json({requestId: requestId, receivedAt: receivedAt, due: due, deletedAt: deletedAt, seenAt: seenAt}) END AS details
FROM judged
ORDER BY unit
