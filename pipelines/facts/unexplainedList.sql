-- The accesses that a numbered control reports (nothing explains them) as a list to review: one row for a person, a customer
-- and a UTC day; sessions adds up to what explanationShare counts as unexplained.
SELECT v.person, c.person AS customer, date_trunc('day', v."at")::DATE AS "day", count(DISTINCT v.session) AS sessions,
  list_sort(list(DISTINCT v.fires)) AS controls, list_sort(list(DISTINCT v.action)) AS actions, list_sort(list(DISTINCT v.target)) AS targets
FROM sessionVerdict v
LEFT JOIN (SELECT contactId, min(person) AS person FROM contactPerson WHERE role = 'customer' GROUP BY contactId) c ON c.contactId = v.contactId
WHERE v.fires IS NOT NULL
GROUP BY v.person, c.person, date_trunc('day', v."at")
ORDER BY v.person, customer NULLS FIRST, "day"
