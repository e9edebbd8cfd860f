-- Every contact that a version of an event or recording in conflict names: versions of one id may name different contacts, and what
-- depends on any of them cannot be told. A version written after as-of does not exist.
SELECT DISTINCT x.kind, x.id, s.contactId
FROM conflict x JOIN stored_event s ON s.id = x.id CROSS JOIN run
WHERE x.kind = 'event' AND (s.recordedAt IS NULL OR s.recordedAt <= run."asOf")
UNION ALL
SELECT DISTINCT x.kind, x.id, s.contactId
FROM conflict x JOIN stored_recording s ON s.id = x.id CROSS JOIN run
WHERE x.kind = 'recording' AND (s.recordedAt IS NULL OR s.recordedAt <= run."asOf")
