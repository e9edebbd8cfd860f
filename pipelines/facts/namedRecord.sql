-- Every place in which a record names a contact or a recording by id. A recording's own contact is left to
-- evidence/orphan-recording. `at`: the time that the record speaks of. What was purged from the store did exist.
SELECT * FROM (
SELECT 'contact' AS kind, id, 'previousContactId' AS field, 'contact' AS targetKind, previousContactId AS target, startedAt AS "at" FROM contact WHERE previousContactId IS NOT NULL
UNION ALL SELECT 'event', id, 'contactId', 'contact', contactId, "at" FROM event
UNION ALL SELECT 'consent', id, 'contactId', 'contact', contactId, "at" FROM consent WHERE contactId IS NOT NULL
UNION ALL SELECT 'decision', id, 'contactId', 'contact', contactId, "at" FROM decision
UNION ALL SELECT 'transcript', id, 'contactId', 'contact', contactId, NULL FROM transcript
UNION ALL SELECT 'transcript', id, 'recordingId', 'recording', recordingId, NULL FROM transcript WHERE recordingId IS NOT NULL
UNION ALL SELECT 'access', id, 'contactId', 'contact', contactId, "at" FROM access WHERE contactId IS NOT NULL
UNION ALL SELECT 'access', id, 'recordingId', 'recording', recordingId, "at" FROM access WHERE recordingId IS NOT NULL
UNION ALL SELECT DISTINCT 'hold', id, 'contactIds', 'contact', unnest(contactIds), NULL::TIMESTAMP FROM hold
UNION ALL SELECT DISTINCT 'hold', id, 'recordingIds', 'recording', unnest(recordingIds), NULL::TIMESTAMP FROM hold
UNION ALL SELECT DISTINCT 'grant', id, 'contactIds', 'contact', unnest(contactIds), NULL::TIMESTAMP FROM "grant"
UNION ALL SELECT DISTINCT 'grant', id, 'recordingIds', 'recording', unnest(recordingIds), NULL::TIMESTAMP FROM "grant"
UNION ALL SELECT DISTINCT 'assignment', id, 'contactIds', 'contact', unnest(contactIds), NULL::TIMESTAMP FROM assignment
UNION ALL SELECT DISTINCT 'assignment', id, 'recordingIds', 'recording', unnest(recordingIds), NULL::TIMESTAMP FROM assignment
) AS named
WHERE NOT EXISTS (FROM purgedName p WHERE p.kind = named.targetKind AND p.id = named.target)
