-- What each source delivered that another delivery repeats, replaces or contradicts: it counts once among the records, and shows
-- all the same that its source was alive then. at: the time of what it speaks of; dated: when it can have been written at the earliest.
WITH again AS (
  SELECT kind, "row" FROM excluded WHERE "class" IN ('duplicate', 'superseded', 'conflicting')
)
SELECT o.source, a.kind, s.startedAt AS "at", least(greatest(s.startedAt, s.endedAt, s.recordedAt), run."asOf") AS dated FROM again a JOIN stored_contact s ON s.rowid = a."row" JOIN object o ON o.objectNumber = s.objectNumber CROSS JOIN run WHERE a.kind = 'contact'
UNION ALL
SELECT o.source, a.kind, s.startedAt AS "at", least(greatest(s.startedAt, s.endedAt, s.recordedAt), run."asOf") AS dated FROM again a JOIN stored_recording s ON s.rowid = a."row" JOIN object o ON o.objectNumber = s.objectNumber CROSS JOIN run WHERE a.kind = 'recording'
UNION ALL
SELECT o.source, a.kind, s.seenAt AS "at", least(greatest(s.seenAt, s.recordedAt), run."asOf") AS dated FROM again a JOIN stored_storedObject s ON s.rowid = a."row" JOIN object o ON o.objectNumber = s.objectNumber CROSS JOIN run WHERE a.kind = 'storedObject'
UNION ALL
SELECT o.source, a.kind, s."at" AS "at", least(greatest(s."at", s.recordedAt), run."asOf") AS dated FROM again a JOIN stored_consent s ON s.rowid = a."row" JOIN object o ON o.objectNumber = s.objectNumber CROSS JOIN run WHERE a.kind = 'consent'
UNION ALL
SELECT o.source, a.kind, s."at" AS "at", least(greatest(s."at", s.recordedAt), run."asOf") AS dated FROM again a JOIN stored_event s ON s.rowid = a."row" JOIN object o ON o.objectNumber = s.objectNumber CROSS JOIN run WHERE a.kind = 'event'
UNION ALL
SELECT o.source, a.kind, s."at" AS "at", least(greatest(s."at", s.recordedAt), run."asOf") AS dated FROM again a JOIN stored_access s ON s.rowid = a."row" JOIN object o ON o.objectNumber = s.objectNumber CROSS JOIN run WHERE a.kind = 'access'
UNION ALL
SELECT o.source, a.kind, s."at" AS "at", least(greatest(s."at", s.recordedAt), run."asOf") AS dated FROM again a JOIN stored_decision s ON s.rowid = a."row" JOIN object o ON o.objectNumber = s.objectNumber CROSS JOIN run WHERE a.kind = 'decision'
UNION ALL
SELECT o.source, a.kind, s."at" AS "at", least(greatest(s."at", s.recordedAt), run."asOf") AS dated FROM again a JOIN stored_review s ON s.rowid = a."row" JOIN object o ON o.objectNumber = s.objectNumber CROSS JOIN run WHERE a.kind = 'review'
UNION ALL
SELECT o.source, a.kind, s.createdAt AS "at", least(greatest(s.createdAt, s.recordedAt), run."asOf") AS dated FROM again a JOIN stored_grant s ON s.rowid = a."row" JOIN object o ON o.objectNumber = s.objectNumber CROSS JOIN run WHERE a.kind = 'grant'
UNION ALL
SELECT o.source, a.kind, s.createdAt AS "at", least(greatest(s.createdAt, s.recordedAt), run."asOf") AS dated FROM again a JOIN stored_assignment s ON s.rowid = a."row" JOIN object o ON o.objectNumber = s.objectNumber CROSS JOIN run WHERE a.kind = 'assignment'
UNION ALL
SELECT o.source, a.kind, s.createdAt AS "at", least(greatest(s.createdAt, s.recordedAt), run."asOf") AS dated FROM again a JOIN stored_hold s ON s.rowid = a."row" JOIN object o ON o.objectNumber = s.objectNumber CROSS JOIN run WHERE a.kind = 'hold'
UNION ALL
SELECT o.source, a.kind, s.receivedAt AS "at", least(greatest(s.receivedAt, s.completedAt, s.recordedAt), run."asOf") AS dated FROM again a JOIN stored_request s ON s.rowid = a."row" JOIN object o ON o.objectNumber = s.objectNumber CROSS JOIN run WHERE a.kind = 'request'
UNION ALL
SELECT o.source, a.kind, NULL::TIMESTAMP AS "at", s.recordedAt AS dated FROM again a JOIN stored_staff s ON s.rowid = a."row" JOIN object o ON o.objectNumber = s.objectNumber WHERE a.kind = 'staff'
UNION ALL
SELECT o.source, a.kind, NULL::TIMESTAMP AS "at", s.recordedAt AS dated FROM again a JOIN stored_identity s ON s.rowid = a."row" JOIN object o ON o.objectNumber = s.objectNumber WHERE a.kind = 'identity'
UNION ALL
SELECT o.source, a.kind, NULL::TIMESTAMP AS "at", s.recordedAt AS dated FROM again a JOIN stored_transcript s ON s.rowid = a."row" JOIN object o ON o.objectNumber = s.objectNumber WHERE a.kind = 'transcript'
