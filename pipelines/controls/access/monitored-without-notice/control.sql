WITH live AS MATERIALIZED (
  SELECT v.*, coalesce(p.noticeToMonitored, false) AS asked
  FROM accessUnit v LEFT JOIN pack p ON p.packKey = v.packKey WHERE v.action IN ('monitor', 'whisper', 'barge')
),
-- Few: their chains and what was played there are found before times are compared.
linked AS MATERIALIZED (
  SELECT l.session, l."at", l.packKey, o.contactId
  FROM live l JOIN chain c ON c.contactId = l.contactId JOIN chain o ON o.chain = c.chain
),
played AS MATERIALIZED (
  SELECT contactId, noticeId, noticeVersion, "at" FROM event SEMI JOIN linked USING (contactId) WHERE type = 'notice-played'
),
told AS (
  SELECT DISTINCT l.session
  FROM linked l JOIN played e ON e.contactId = l.contactId AND e."at" <= l."at"
  JOIN packNotice n ON n.packKey = l.packKey AND n.id = e.noticeId AND n.version = e.noticeVersion AND list_has_any(n.purposes, ['monitoring', '*'])
),
outsider AS (
  SELECT DISTINCT contactId FROM contactPerson
),
-- Records of the chain that may tell of a notice and of which no version can be used.
disputed AS (
  SELECT l.session FROM linked l JOIN conflictContact x ON x.contactId = l.contactId AND x.kind = 'event'
  UNION
  SELECT l.session FROM live l JOIN conflict x ON x.kind = 'contact' AND x.id = l.contactId
  UNION
  SELECT l.session FROM live l JOIN chain c ON c.contactId = l.contactId JOIN brokenChain b ON b.chain = c.chain
  UNION
  SELECT l.session FROM live l JOIN conflictContact x ON x.contactId = l.contactId AND x.kind = 'event'
),
coded AS (
  SELECT l.*, CASE WHEN NOT l.asked THEN 'no-rule' WHEN t.session IS NOT NULL THEN NULL WHEN d.session IS NOT NULL THEN 'conflicting-records' WHEN o.contactId IS NULL THEN 'nobody-to-tell'
    WHEN NOT EXISTS (FROM provided WHERE kind IN ('notice-played', 'event')) THEN 'not-covered' ELSE 'not-told' END AS reason
  FROM live l LEFT JOIN told t ON t.session = l.session LEFT JOIN outsider o ON o.contactId = l.contactId LEFT JOIN disputed d ON d.session = l.session
),
trail AS (
  SELECT a.session, count(*) AS accesses, max(a."at") AS ends, list({kind: 'access', id: r.accessId} ORDER BY a."at", r.accessId) AS evidence
  FROM (FROM accessSession SEMI JOIN (SELECT session FROM live) s USING (session)) a JOIN accessRow r ON r.rowid = a.access GROUP BY a.session HAVING count(*) > 1
)
SELECT v.sessionId AS unit, v."at", v.contactId, v.recordingId, NULL AS party, v.staff,
  CASE WHEN v.reason IS NULL THEN 'pass' WHEN v.reason = 'not-told' THEN 'fail' WHEN v.reason IN ('no-rule', 'nobody-to-tell') THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  v.reason, NULL AS severity, coalesce(c.queue, v.contactId) AS cause, v.packKey, 'access.noticeToMonitored' AS ruleRef, NULL AS law,
  CASE WHEN v.reason NOT IN ('no-rule', 'nobody-to-tell') THEN coalesce(t.evidence, [{kind: 'access', id: v.sessionId}]) || [{kind: 'contact', id: v.contactId}] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN v.reason NOT IN ('no-rule', 'nobody-to-tell') THEN to_json({actor: v.actor, onBehalfOf: v.onBehalfOf, action: v.action, target: v.target, purpose: v.purpose, accesses: coalesce(t.accesses, 1), ends: t.ends, queue: c.queue}) END AS details
FROM coded v
LEFT JOIN contact c ON c.id = v.contactId
LEFT JOIN trail t ON t.session = v.session
ORDER BY unit
