-- What each person did on each UTC day (accessDeed): how often, from when until when.
SELECT r.deed, r."at"::DATE AS "day", count(*)::INTEGER AS accesses, min(r."at") AS "from", max(r."at") AS until
FROM accessRow r GROUP BY r.deed, r."at"::DATE
