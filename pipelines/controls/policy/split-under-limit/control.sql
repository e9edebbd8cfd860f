-- Several favourable decisions of one staff member for one customer within the policy's period, each within the
-- limit, together over it, none validly approved.
WITH failing AS (
  SELECT unit, decisionId, "at", windowEnd, total, highest FROM splitWindow WHERE fails
),
firstFailing AS (
  SELECT * FROM failing QUALIFY row_number() OVER (PARTITION BY unit ORDER BY "at", total DESC, decisionId) = 1
),
member AS (
  SELECT DISTINCT m.unit, m.decisionId, m."at", m.amount, m.contactId, m.packKey, m.version, m.currency
  FROM failing f JOIN splitWindow m ON m.unit = f.unit AND m."at" BETWEEN f."at" AND f.windowEnd
  WHERE m.counted AND m.doubt IS NULL
),
members AS (
  SELECT unit, sum(amount) AS allTotal,
    list(decisionId ORDER BY "at", decisionId) AS decisionIds, list(printf('%.2f', amount) ORDER BY "at", decisionId) AS amounts, list_sort(list(DISTINCT contactId)) AS contactIds
  FROM member GROUP BY unit
),
passed AS (
  -- The first period whose total is over the limit, up to its last decision.
  SELECT f.unit, f.total, f.highest, count(*) AS decisions, max(m."at") AS "at", max({"at": m."at", decisionId: m.decisionId, packKey: m.packKey, version: m.version, currency: m.currency}) AS last
  FROM firstFailing f JOIN member m ON m.unit = f.unit AND m."at" BETWEEN f."at" AND f.windowEnd
  GROUP BY f.unit, f.total, f.highest
),
unit AS (
  SELECT unit, min(staff) AS staff, min(policy) AS policy, min("at") AS firstAt, bool_or(fails) AS fails, min(doubtful) AS doubtful,
    min({"at": "at", decisionId: decisionId, subject: subject, packKey: packKey, version: version}) AS first, any_value(splitValues) AS splitValues
  FROM splitWindow GROUP BY unit
)
SELECT
  u.unit,
  coalesce(p."at", u.firstAt) AS "at",
  NULL AS contactId, NULL AS recordingId, u.first.subject AS party, u.staff AS staff,
  CASE WHEN u.fails THEN 'fail' WHEN u.doubtful IS NOT NULL THEN 'unverifiable' ELSE 'pass' END AS outcome,
  CASE WHEN u.fails THEN 'split' ELSE u.doubtful END AS reason,
  NULL AS severity,
  CASE WHEN u.fails THEN u.staff END AS cause,
  coalesce(p.last.packKey, u.first.packKey) AS packKey,
  CASE WHEN u.fails OR u.doubtful IS NOT NULL THEN 'decisions.' || u.policy || '.' || coalesce(p.last.version, u.first.version) || '.splitting' END AS ruleRef,
  NULL AS law,
  CASE WHEN u.fails THEN list_transform(m.decisionIds, lambda id: {kind: 'decision', id: id}) END AS evidence,
  NULL AS contrary,
  NULL AS searched,
  CASE WHEN u.fails THEN json_object('decisions', p.decisions, 'decisionIds', m.decisionIds, 'amounts', m.amounts, 'total', printf('%.2f', p.total), 'totalOfAll', printf('%.2f', m.allTotal),
      'limit', printf('%.2f', p.highest), 'currency', p.last.currency, 'contactIds', m.contactIds, 'policy', u.policy, 'version', p.last.version, 'by', u.splitValues)
    WHEN u.doubtful IS NOT NULL THEN json_object('policy', u.policy, 'version', u.first.version) END AS details
FROM unit u
LEFT JOIN members m ON m.unit = u.unit
LEFT JOIN passed p ON p.unit = u.unit
ORDER BY unit
