-- What each staff member may do by role, and when: roster and policy together.
SELECT DISTINCT p.packKey, r.staff, a.action, r."from", r.until
FROM staffRole r JOIN packRole p ON p.role = r.role, unnest(p.actions) AS a(action)
ORDER BY ALL
