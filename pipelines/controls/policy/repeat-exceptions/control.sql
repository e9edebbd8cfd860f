-- Customers for whom more favourable outcomes against the rule were decided, approved or not, within the
-- policy's period than it allows.
WITH failing AS (
  SELECT person, policy, "at", windowEnd, exceptions, allowed FROM exceptionWindow WHERE fails
),
firstFailing AS (
  SELECT * FROM failing QUALIFY row_number() OVER (PARTITION BY person, policy ORDER BY "at", exceptions DESC) = 1
),
member AS (
  SELECT DISTINCT m.person, m.policy, m.decisionId, m."at", m.subject, m.packKey, m.version
  FROM failing f JOIN exceptionWindow m ON m.person = f.person AND m.policy = f.policy AND m."at" BETWEEN f."at" AND f.windowEnd
  WHERE m.certain
),
members AS (
  SELECT m.person, m.policy, list(m.decisionId ORDER BY m."at", m.decisionId) AS decisionIds,
    list_sort(list(DISTINCT c.contactId)) AS contactIds, list_sort(list(DISTINCT c.staffName)) AS deciders, sum(c.amount) AS total
  FROM member m JOIN decisionContext c ON c.decisionId = m.decisionId GROUP BY m.person, m.policy
),
passed AS (
  SELECT f.person, f.policy, f.exceptions, f.allowed, max(m."at") AS "at", max({"at": m."at", decisionId: m.decisionId, packKey: m.packKey, version: m.version}) AS last,
    min({"at": m."at", decisionId: m.decisionId, subject: m.subject}) AS first
  FROM firstFailing f JOIN member m ON m.person = f.person AND m.policy = f.policy AND m."at" BETWEEN f."at" AND f.windowEnd
  GROUP BY f.person, f.policy, f.exceptions, f.allowed
),
doubted AS (
  SELECT person, policy, min(doubtful) AS doubtful FROM exceptionWindow GROUP BY person, policy
),
unit AS (
  SELECT c.person, c.policy, min(c."at") AS firstAt, arg_min(c.subject, {t: c."at", id: c.decisionId}) AS subject,
    arg_max(c.packKey, {t: c."at", id: c.decisionId}) AS packKey, arg_max(c.version, {t: c."at", id: c.decisionId}) AS version
  FROM decisionContext c
  JOIN versionPeriod w ON w.period = c.period
  WHERE w.exceptionsWithin IS NOT NULL AND w.exceptionsMax IS NOT NULL
  GROUP BY c.person, c.policy
)
SELECT
  unitPart(u.person) || '|' || u.policy AS unit,
  coalesce(p."at", u.firstAt) AS "at",
  NULL AS contactId, NULL AS recordingId, coalesce(p.first.subject, u.subject) AS party, NULL AS staff,
  CASE WHEN p.person IS NOT NULL THEN 'fail' WHEN d.doubtful IS NOT NULL THEN 'unverifiable' ELSE 'pass' END AS outcome,
  CASE WHEN p.person IS NOT NULL THEN 'too-many' ELSE d.doubtful END AS reason,
  NULL AS severity,
  CASE WHEN p.person IS NOT NULL THEN u.policy END AS cause,
  coalesce(p.last.packKey, u.packKey) AS packKey,
  CASE WHEN p.person IS NOT NULL OR d.doubtful IS NOT NULL THEN 'decisions.' || u.policy || '.' || coalesce(p.last.version, u.version) || '.exceptions' END AS ruleRef,
  NULL AS law,
  CASE WHEN p.person IS NOT NULL THEN list_transform(m.decisionIds, lambda id: {kind: 'decision', id: id}) END AS evidence,
  NULL AS contrary,
  NULL AS searched,
  CASE WHEN p.person IS NOT NULL THEN json_object('policy', u.policy, 'version', p.last.version, 'exceptions', p.exceptions, 'allowed', p.allowed, 'decisionIds', m.decisionIds,
      'contactIds', m.contactIds, 'deciders', m.deciders, 'total', printf('%.2f', m.total))
    WHEN d.doubtful IS NOT NULL THEN json_object('policy', u.policy, 'version', u.version) END AS details
FROM unit u
LEFT JOIN passed p ON p.person = u.person AND p.policy = u.policy
LEFT JOIN members m ON m.person = u.person AND m.policy = u.policy
LEFT JOIN doubted d ON d.person = u.person AND d.policy = u.policy
ORDER BY unit
