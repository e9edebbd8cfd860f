-- Sessions of access of which it cannot be told who acted (a name of several staff, a staff record without an agreed version)
-- or by which policy: few, so that what they show is looked up for them only.
SELECT s.session FROM sessionRow s
SEMI JOIN (SELECT rowid AS deed FROM accessDeed WHERE actorKind IN ('ambiguous', 'conflict') OR packKey IS NULL) d ON d.deed = s.deed
