-- A view: the contact that each access touched, by the access's id.
SELECT r.accessId, o.contactId FROM accessRow r JOIN accessObject o ON o.rowid = r.object
