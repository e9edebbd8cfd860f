-- Records that were delivered more than once, as duplicates, versions or contradictions. Kinds without an id of their own
-- can be told apart only where they are in conflict.
WITH again AS (
  SELECT kind, "row" FROM excluded WHERE "class" IN ('duplicate', 'superseded')
)
SELECT a.kind, s.id AS id FROM again a JOIN stored_contact s ON s.rowid = a."row" WHERE a.kind = 'contact'
UNION
SELECT a.kind, s.id FROM again a JOIN stored_recording s ON s.rowid = a."row" WHERE a.kind = 'recording'
UNION
SELECT a.kind, s.id FROM again a JOIN stored_event s ON s.rowid = a."row" WHERE a.kind = 'event'
UNION
SELECT a.kind, s.id FROM again a JOIN stored_access s ON s.rowid = a."row" WHERE a.kind = 'access'
UNION
SELECT a.kind, s.id FROM again a JOIN stored_consent s ON s.rowid = a."row" WHERE a.kind = 'consent'
UNION
SELECT a.kind, s.id FROM again a JOIN stored_decision s ON s.rowid = a."row" WHERE a.kind = 'decision'
UNION
SELECT a.kind, s.id FROM again a JOIN stored_grant s ON s.rowid = a."row" WHERE a.kind = 'grant'
UNION
SELECT a.kind, s.id FROM again a JOIN stored_staff s ON s.rowid = a."row" WHERE a.kind = 'staff'
UNION
SELECT a.kind, s.subject FROM again a JOIN stored_identity s ON s.rowid = a."row" WHERE a.kind = 'identity'
UNION
SELECT a.kind, s.id FROM again a JOIN stored_hold s ON s.rowid = a."row" WHERE a.kind = 'hold'
UNION
SELECT a.kind, s.id FROM again a JOIN stored_request s ON s.rowid = a."row" WHERE a.kind = 'request'
UNION
SELECT a.kind, s.id FROM again a JOIN stored_assignment s ON s.rowid = a."row" WHERE a.kind = 'assignment'
UNION
SELECT a.kind, s.id FROM again a JOIN stored_review s ON s.rowid = a."row" WHERE a.kind = 'review'
UNION
SELECT kind, id FROM conflict
