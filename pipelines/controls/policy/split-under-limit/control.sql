-- Several favourable decisions of one staff member for one customer within the policy's period, each within the
-- limit, together over it, none validly approved.
WITH failing AS (
  SELECT staff, person, policy, splitValues, "at", windowEnd, total FROM splitWindow WHERE fails
),
firstFailing AS (
  SELECT * FROM failing QUALIFY row_number() OVER (PARTITION BY staff, person, policy, splitValues ORDER BY "at", total DESC) = 1
),
member AS (
  SELECT DISTINCT m.staff, m.person, m.policy, m.splitValues, m.decisionId, m."at", m.amount, m.contactId
  FROM failing f JOIN splitWindow m ON m.staff = f.staff AND m.person = f.person AND m.policy = f.policy
    AND m.splitValues IS NOT DISTINCT FROM f.splitValues AND m."at" BETWEEN f."at" AND f.windowEnd
  WHERE m.counted AND m.doubt IS NULL
),
members AS (
  SELECT staff, person, policy, splitValues, count(*) AS decisions, sum(amount) AS allTotal, max("at") AS lastAt,
    list(decisionId ORDER BY "at", decisionId) AS decisionIds, list(printf('%.2f', amount) ORDER BY "at", decisionId) AS amounts, list_sort(list(DISTINCT contactId)) AS contactIds
  FROM member GROUP BY staff, person, policy, splitValues
),
passed AS (
  -- When the first failing period's total went over the limit at the latest.
  SELECT f.staff, f.person, f.policy, f.splitValues, f.total, max(m."at") AS "at"
  FROM firstFailing f JOIN member m ON m.staff = f.staff AND m.person = f.person AND m.policy = f.policy
    AND m.splitValues IS NOT DISTINCT FROM f.splitValues AND m."at" BETWEEN f."at" AND f.windowEnd
  GROUP BY f.staff, f.person, f.policy, f.splitValues, f.total
),
unit AS (
  SELECT staff, person, policy, splitValues, min("at") AS firstAt, bool_or(fails) AS fails, min(doubtful) AS doubtful,
    arg_min(subject, {t: "at", id: decisionId}) AS subject, arg_max(packKey, {t: "at", id: decisionId}) AS packKey,
    arg_max(version, {t: "at", id: decisionId}) AS version, arg_max(currency, {t: "at", id: decisionId}) AS currency, max("limit") AS "limit"
  FROM splitWindow GROUP BY staff, person, policy, splitValues
)
SELECT
  u.staff || '|' || u.person || '|' || u.policy || '|' || coalesce(to_json(u.splitValues)::VARCHAR, '') AS unit,
  coalesce(p."at", u.firstAt) AS "at",
  NULL AS contactId, NULL AS recordingId, u.subject AS party, u.staff AS staff,
  CASE WHEN u.fails THEN 'fail' WHEN u.doubtful IS NOT NULL THEN 'unverifiable' ELSE 'pass' END AS outcome,
  CASE WHEN u.fails THEN 'split' ELSE u.doubtful END AS reason,
  NULL AS severity,
  CASE WHEN u.fails THEN u.staff END AS cause,
  u.packKey,
  'decisions.' || u.policy || '.' || u.version || '.splitting' AS ruleRef,
  NULL AS law,
  CASE WHEN u.fails THEN list_transform(m.decisionIds, lambda id: {kind: 'decision', id: id}) END AS evidence,
  NULL AS contrary,
  NULL AS searched,
  CASE WHEN u.fails THEN json_object('decisions', m.decisions, 'decisionIds', m.decisionIds, 'amounts', m.amounts, 'total', printf('%.2f', p.total), 'totalOfAll', printf('%.2f', m.allTotal),
      'limit', printf('%.2f', u."limit"), 'currency', u.currency, 'contactIds', m.contactIds, 'policy', u.policy, 'version', u.version, 'by', u.splitValues)
    WHEN u.doubtful IS NOT NULL THEN json_object('policy', u.policy, 'version', u.version) END AS details
FROM unit u
LEFT JOIN members m ON m.staff = u.staff AND m.person = u.person AND m.policy = u.policy AND m.splitValues IS NOT DISTINCT FROM u.splitValues
LEFT JOIN passed p ON p.staff = u.staff AND p.person = u.person AND p.policy = u.policy AND p.splitValues IS NOT DISTINCT FROM u.splitValues
ORDER BY unit
