-- Why the consent of a recorded outsider cannot be told at all: no policy in force, a name of several people, records in conflict.
-- `party` NULL: of a recording or contact of which no version can be used, so that nobody knows whom it exposed.
-- An id that holds a bar is quoted in the unit.
SELECT u.rowid AS outsider, u.unit, u.recordingId, u.party, u.contactId, u.firstExposed AS "at",
  CASE WHEN u.packKey IS NULL THEN 'no-policy' WHEN u.ambiguous THEN 'ambiguous-person' ELSE 'conflicting-records' END AS doubt, c.contested
FROM recordedOutsider u LEFT JOIN contestedUnit c ON c.outsider = u.rowid
WHERE u.packKey IS NULL OR u.ambiguous OR c.contested IS NOT NULL
UNION ALL
SELECT NULL, unitPart(x.id), x.id, NULL, x.contactId, NULL, 'conflicting-records', 'recording/' || x.id
FROM conflict x
WHERE x.kind = 'recording' AND x.id IN (SELECT s.id FROM stored_recording s WHERE s.medium <> 'screen')
UNION ALL
SELECT NULL, unitPart(r.id), r.id, NULL, r.contactId, r.startedAt, 'conflicting-records', 'contact/' || x.id
FROM recording r JOIN conflict x ON x.kind = 'contact' AND x.id = r.contactId
WHERE r.medium <> 'screen'
