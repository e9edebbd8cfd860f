-- All names of each staff member, for "what was searched".
SELECT staff, list_sort(list(DISTINCT name)) AS names FROM staffName GROUP BY staff ORDER BY staff
