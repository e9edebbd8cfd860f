-- Completed erasures, wholly or partly granted, of somebody on the contact that speak against an access to a recording
-- begun before their receipt. A request that names purposes speaks of those only. doubt: it is not known whether the
-- access was for one of them, or whether it is that person.
WITH met AS (
  SELECT x.access, x.recordingId, q.id AS requestId, q.purposes AS asked, p.party,
    coalesce(u.purposes, r.purposes) AS "used", m.doubtful OR p.doubtful AS doubtful, false AS disputed
  FROM accessRecording x
  JOIN recording r ON r.id = x.recordingId
  JOIN contactPerson p ON p.contactId = x.contactId
  JOIN requestPerson m ON m.person = p.person
  JOIN request q ON q.id = m.requestId
  LEFT JOIN accessPurpose u ON u.access = x.access
  WHERE q.type = 'erasure' AND q.outcome IN ('granted', 'partly') AND x."at" > q.completedAt AND r.startedAt < q.receivedAt
  UNION ALL
  SELECT x.access, x.recordingId, q.requestId, q.purposes, p.party, coalesce(u.purposes, r.purposes), p.doubtful, true
  FROM accessRecording x
  JOIN recording r ON r.id = x.recordingId
  JOIN contactPerson p ON p.contactId = x.contactId
  JOIN contestedRequest q ON q.person = p.person
  LEFT JOIN accessPurpose u ON u.access = x.access
  WHERE q.type = 'erasure' AND q.outcome IN ('granted', 'partly') AND x."at" > q.completedAt AND r.startedAt < q.receivedAt
)
SELECT DISTINCT access, recordingId, requestId, party,
  CASE WHEN disputed THEN 'conflicting-records' WHEN doubtful THEN 'ambiguous-person'
    WHEN asked IS NULL OR list_contains(asked, '*') THEN NULL
    WHEN "used" IS NULL OR NOT list_has_all(asked, "used") THEN 'purpose-unknown' END AS doubt
FROM met
WHERE asked IS NULL OR list_contains(asked, '*') OR "used" IS NULL OR list_has_any(asked, "used")
