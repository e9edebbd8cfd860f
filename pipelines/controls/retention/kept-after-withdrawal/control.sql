WITH contested AS (
  SELECT DISTINCT r.id AS recordingId
  FROM conflict x JOIN stored_consent s ON x.kind = 'consent' AND s.id = x.id AND s.status = 'withdrawn'
  LEFT JOIN personName n ON n.name = s.subject
  JOIN contactPerson c ON c.person = coalesce(n.person, s.subject)
  JOIN recording r ON r.contactId = c.contactId AND r.lawfulBasis = 'consent' AND s."at" >= r.startedAt
),
-- Perhaps given again since.
regiven AS (
  SELECT DISTINCT r.id AS recordingId
  FROM conflict x JOIN stored_consent s ON x.kind = 'consent' AND s.id = x.id AND s.status = 'given'
  LEFT JOIN personName n ON n.name = s.subject
  JOIN contactPerson c ON c.person = coalesce(n.person, s.subject)
  JOIN recording r ON r.contactId = c.contactId AND r.lawfulBasis = 'consent' AND s."at" >= r.startedAt
),
asked AS (
  SELECT t.recordingId, t.contactId, t.startedAt, t.deletedAt, t.queue, t.site, t.keepUntil, t.perhapsKeepUntil, t.doubt AS termDoubt,
    w.recordingId IS NOT NULL AS withdrawn, w.party, w.consentId, w.withdrawnAt, w.packKey, w.due, w.doubt, h.sure AS held, h.doubt AS holdDoubt,
    d.recordingId IS NOT NULL AS contested, run."asOf" AS now
  FROM retentionTerm t CROSS JOIN run
  LEFT JOIN recordingWithdrawal w ON w.recordingId = t.recordingId
  LEFT JOIN recordingHeld h ON h.recordingId = t.recordingId
  LEFT JOIN contested d ON d.recordingId = t.recordingId
),
watched AS (
  SELECT DISTINCT a.recordingId FROM asked a JOIN coverageWindow w ON w.kind = 'hold' AND w."from" <= a.due AND a.due < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, a.queue)) AND (w.sites IS NULL OR list_contains(w.sites, a.site))
  WHERE a.withdrawn
),
judged AS (
  SELECT a.*, CASE
    WHEN NOT a.withdrawn AND a.contested AND a.deletedAt IS NULL THEN 'conflicting-records'
    WHEN NOT a.withdrawn THEN 'not-withdrawn'
    WHEN a.deletedAt IS NOT NULL THEN NULL
    WHEN a.doubt IS NOT NULL THEN a.doubt
    WHEN a.due IS NULL THEN 'no-term'
    WHEN a.now <= a.due THEN 'not-yet-due'
    WHEN a.held THEN 'held'
    WHEN a.keepUntil > a.now THEN 'keep-duty'
    WHEN a.holdDoubt IS NOT NULL THEN a.holdDoubt
    WHEN a.termDoubt = 'no-policy' OR a.perhapsKeepUntil > a.now THEN a.termDoubt
    WHEN w.recordingId IS NULL THEN 'not-covered'
    WHEN g.recordingId IS NOT NULL THEN 'conflicting-records'
    ELSE 'still-there' END AS reason
  FROM asked a LEFT JOIN watched w ON w.recordingId = a.recordingId LEFT JOIN regiven g ON g.recordingId = a.recordingId
  UNION ALL BY NAME
  SELECT id AS recordingId, contactId, 'conflicting-records' AS reason FROM conflict WHERE kind = 'recording'
)
SELECT recordingId AS unit, coalesce(due, startedAt) AS "at", contactId, recordingId, party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason = 'still-there' THEN 'fail' WHEN reason IN ('not-withdrawn', 'not-yet-due', 'held', 'keep-duty') THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, 'queue ' || queue AS cause, packKey, 'requests.erasure' AS ruleRef, NULL AS law,
  CASE WHEN reason = 'still-there' THEN [{kind: 'recording', id: recordingId}, {kind: 'consent', id: consentId}] END AS evidence,
  NULL AS contrary, CASE WHEN reason = 'still-there' THEN [party] END AS searched,
  CASE WHEN reason <> 'not-withdrawn' AND withdrawn THEN to_json({withdrawnAt: withdrawnAt, due: due}) END AS details
FROM judged
ORDER BY unit
