-- Several favourable decisions of one staff member for one customer within the policy's period, each within the
-- limit, together over it, none validly approved.
WITH failing AS (
  SELECT unit, "at", windowEnd, total FROM splitWindow WHERE fails
),
firstFailing AS (
  SELECT * FROM failing QUALIFY row_number() OVER (PARTITION BY unit ORDER BY "at", total DESC) = 1
),
member AS (
  SELECT DISTINCT m.unit, m.decisionId, m."at", m.amount, m.contactId
  FROM failing f JOIN splitWindow m ON m.unit = f.unit AND m."at" BETWEEN f."at" AND f.windowEnd
  WHERE m.counted AND m.doubt IS NULL
),
members AS (
  SELECT unit, count(*) AS decisions, sum(amount) AS allTotal,
    list(decisionId ORDER BY "at", decisionId) AS decisionIds, list(printf('%.2f', amount) ORDER BY "at", decisionId) AS amounts, list_sort(list(DISTINCT contactId)) AS contactIds
  FROM member GROUP BY unit
),
passed AS (
  -- The last decision of the first period whose total is over the limit.
  SELECT f.unit, f.total, max(m."at") AS "at"
  FROM firstFailing f JOIN member m ON m.unit = f.unit AND m."at" BETWEEN f."at" AND f.windowEnd
  GROUP BY f.unit, f.total
),
unit AS (
  SELECT unit, min(staff) AS staff, min(policy) AS policy, min("at") AS firstAt, bool_or(fails) AS fails, min(doubtful) AS doubtful,
    arg_min(subject, ("at", decisionId)) AS subject, max(packKey) AS packKey, max(version) AS version, max(currency) AS currency, max("limit") AS "limit", any_value(splitValues) AS splitValues
  FROM splitWindow GROUP BY unit
)
SELECT
  u.unit,
  coalesce(p."at", u.firstAt) AS "at",
  NULL AS contactId, NULL AS recordingId, u.subject AS party, u.staff AS staff,
  CASE WHEN u.fails THEN 'fail' WHEN u.doubtful IS NOT NULL THEN 'unverifiable' ELSE 'pass' END AS outcome,
  CASE WHEN u.fails THEN 'split' ELSE u.doubtful END AS reason,
  NULL AS severity,
  CASE WHEN u.fails THEN u.staff END AS cause,
  u.packKey,
  CASE WHEN u.fails OR u.doubtful IS NOT NULL THEN 'decisions.' || u.policy || '.' || u.version || '.splitting' END AS ruleRef,
  NULL AS law,
  CASE WHEN u.fails THEN list_transform(m.decisionIds, lambda id: {kind: 'decision', id: id}) END AS evidence,
  NULL AS contrary,
  NULL AS searched,
  CASE WHEN u.fails THEN json_object('decisions', m.decisions, 'decisionIds', m.decisionIds, 'amounts', m.amounts, 'total', printf('%.2f', p.total), 'totalOfAll', printf('%.2f', m.allTotal),
      'limit', printf('%.2f', u."limit"), 'currency', u.currency, 'contactIds', m.contactIds, 'policy', u.policy, 'version', u.version, 'by', u.splitValues)
    WHEN u.doubtful IS NOT NULL THEN json_object('policy', u.policy, 'version', u.version) END AS details
FROM unit u
LEFT JOIN members m ON m.unit = u.unit
LEFT JOIN passed p ON p.unit = u.unit
ORDER BY unit
