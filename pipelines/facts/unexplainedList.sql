-- The accesses that nothing explains as a list to review: one row for a person, a customer and a UTC day.
SELECT v.person, c.person AS customer, date_trunc('day', v."at")::DATE AS "day", count(DISTINCT v.sessionId) AS sessions,
  list_sort(list(DISTINCT v.action)) AS actions, list_sort(list(DISTINCT v.target)) AS targets
FROM sessionVerdict v
LEFT JOIN (SELECT contactId, min(person) AS person FROM contactPerson WHERE role = 'customer' GROUP BY contactId) c ON c.contactId = v.contactId
WHERE v.fires IN ('grant-expired', 'explanation-backdated', 'unexplained')
GROUP BY ALL
ORDER BY v.person, customer NULLS FIRST, "day"
