-- Sessions of access to something that cannot be judged (problem), or to no known contact (unknown: none of its accesses is to one).
SELECT s.session, min(o.problem) AS problem, bool_and(NOT o.contactKnown AND o.problem IS NULL) AS unknown
FROM (SELECT rowid AS object, problem, contactKnown FROM accessObject WHERE problem IS NOT NULL OR NOT contactKnown) o
JOIN accessRow r ON r.object = o.object JOIN accessSession s ON s.access = r.rowid
GROUP BY s.session
