-- One row for each session of access: its first access, in numbers; the object's uri only where neither recording nor contact is known.
SELECT s.session, r.accessId AS sessionId, r."at", r.deed, r.object, o.recordingId, o.contactId, CASE WHEN o.recordingId IS NULL AND o.contactId IS NULL THEN o.uri END AS elsewhere
FROM accessSession s JOIN accessRow r ON r.rowid = s.session JOIN accessObject o ON o.rowid = r.object
WHERE s.session = s.access
