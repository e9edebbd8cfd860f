-- A view: every explanation that holds for each successful access but list, with the record that supports it
-- (controls.md, access). strength weak: an assignment made by its holder or by nobody; it does not explain.
-- doubt: it may hold, and the records cannot tell. Templates that the pack in force does not list are left out;
-- service and audit follow from its `services` and `auditPrincipals`.
SELECT access, 'handled-contact' AS template, 'strong' AS strength, 'contact' AS kind, id, doubt FROM handledExplanation
UNION ALL
SELECT access, 'supervises-handler', 'strong', 'staff', id, doubt FROM supervisedExplanation
UNION ALL
SELECT access, 'recent-contact', 'strong', 'contact', id, doubt FROM recentExplanation
UNION ALL
SELECT access, template, CASE WHEN weakness IS NULL THEN 'strong' ELSE 'weak' END, kind, id, doubt FROM statedExplanation
