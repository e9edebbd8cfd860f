-- Records that state a beginning and an end, and what of it is out of order (NULL: nothing); `late`: a party joins after the
-- end of the contact. Times that are equal are in order.
SELECT 'contact' AS kind, id, id AS contactId, NULL AS recordingId, startedAt AS "at",
  CASE WHEN endedAt < startedAt THEN 'it ends before it starts'
    WHEN answeredAt < queuedAt THEN 'it is answered before it is queued'
    WHEN endedAt < answeredAt THEN 'it ends before it is answered'
    WHEN len(list_filter(parties, lambda p: p.leftAt < p.joinedAt OR len(list_filter(p.presence, lambda i: i.until < i."from")) > 0)) > 0 THEN 'a party leaves before joining' END AS what,
  len(list_filter(parties, lambda p: p.joinedAt > endedAt OR len(list_filter(p.presence, lambda i: i."from" > endedAt)) > 0)) > 0 AS late
FROM contact
UNION ALL
SELECT 'recording', id, contactId, id, startedAt,
  CASE WHEN endedAt < startedAt THEN 'it ends before it starts' WHEN deletedAt < startedAt THEN 'it is deleted before it starts'
    WHEN len(list_filter(pauses, lambda p: p.endedAt < p.startedAt)) > 0 THEN 'a pause ends before it starts' END, false
FROM recording
UNION ALL
SELECT 'event', id, contactId, NULL, "at", CASE WHEN until < "at" THEN 'it ends before it starts' END, false FROM event WHERE until IS NOT NULL
UNION ALL
SELECT 'consent', id, contactId, NULL, "at", CASE WHEN expiresAt < "at" THEN 'it expires before it is given' END, false FROM consent WHERE expiresAt IS NOT NULL
UNION ALL
SELECT 'grant', id, NULL, NULL, "from", CASE WHEN until < "from" THEN 'it ends before it starts' END, false FROM "grant"
UNION ALL
SELECT 'assignment', id, NULL, NULL, "from", CASE WHEN until < "from" THEN 'it ends before it starts' END, false FROM assignment WHERE until IS NOT NULL
UNION ALL
SELECT 'hold', id, NULL, NULL, "from", CASE WHEN until < "from" THEN 'it ends before it starts' END, false FROM hold WHERE until IS NOT NULL
UNION ALL
SELECT 'request', id, NULL, NULL, receivedAt, CASE WHEN completedAt < receivedAt THEN 'it is completed before it is received' WHEN liftedAt < receivedAt THEN 'it is lifted before it is received' END, false
FROM request WHERE completedAt IS NOT NULL OR liftedAt IS NOT NULL
UNION ALL
SELECT 'coverage', id, NULL, NULL, "from", CASE WHEN "to" < "from" THEN 'it ends before it starts' END, false FROM coverage
UNION ALL
SELECT 'staff', id, NULL, NULL, employedFrom, CASE WHEN employedUntil < employedFrom THEN 'the employment ends before it starts'
    WHEN len(list_filter(roles, lambda r: r.until < r."from")) > 0 THEN 'a role ends before it starts' END, false
FROM staff
