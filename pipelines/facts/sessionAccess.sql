-- A view: the accesses of each session.
SELECT s.session, s.access, r.accessId, r."at" FROM accessSession s JOIN accessRow r ON r.rowid = s.access
