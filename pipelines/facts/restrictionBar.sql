-- Granted restrictions and objections, wholly or partly, of somebody on the contact that were in force at an access, from
-- receipt until lifted; an access whose own purpose is exempt has none. A request that names purposes speaks of those only.
WITH bar AS (
  SELECT o.rowid::INTEGER AS object, o.recordingId, q.id AS requestId, q.type, q.purposes AS asked, q.receivedAt, coalesce(q.liftedAt, 'infinity'::TIMESTAMP) AS liftedAt,
    p.party, m.doubtful OR p.doubtful AS doubtful, false AS disputed
  FROM request q JOIN requestPerson m ON m.requestId = q.id JOIN contactPerson p ON p.person = m.person JOIN accessObject o ON o.contactId = p.contactId
  WHERE q.type IN ('restriction', 'objection') AND q.outcome IN ('granted', 'partly') AND o.problem IS DISTINCT FROM 'target-disagrees'
  UNION ALL
  SELECT o.rowid::INTEGER, o.recordingId, q.requestId, q.type, q.purposes, q.receivedAt, coalesce(q.liftedAt, 'infinity'::TIMESTAMP), p.party, p.doubtful, true
  FROM contestedRequest q JOIN contactPerson p ON p.person = q.person JOIN accessObject o ON o.contactId = p.contactId
  WHERE q.type IN ('restriction', 'objection') AND q.outcome IN ('granted', 'partly') AND o.problem IS DISTINCT FROM 'target-disagrees'
),
act AS (
  SELECT d.rowid::INTEGER AS deed FROM accessDeed d LEFT JOIN pack k ON k.packKey = d.packKey
  WHERE d.outcome = 'success' AND NOT coalesce(list_contains(k.exemptPurposes, d.purpose), false)
),
barred AS (
  SELECT r.rowid::INTEGER AS access, b.* FROM accessRow r JOIN bar b ON b.object = r.object AND b.receivedAt <= r."at" AND r."at" < b.liftedAt SEMI JOIN act a ON a.deed = r.deed
),
met AS (
  SELECT b.access, b.requestId, b.type, b.asked, b.party, coalesce(u.purposes, r.purposes) AS "used", b.doubtful, b.disputed
  FROM barred b LEFT JOIN recording r ON r.id = b.recordingId LEFT JOIN accessPurpose u ON u.access = b.access
)
SELECT DISTINCT access, requestId, type, party,
  CASE WHEN disputed THEN 'conflicting-records' WHEN doubtful THEN 'ambiguous-person'
    WHEN asked IS NULL OR list_contains(asked, '*') THEN NULL
    WHEN "used" IS NULL OR NOT list_has_all(asked, "used") THEN 'purpose-unknown' END AS doubt
FROM met
WHERE asked IS NULL OR list_contains(asked, '*') OR "used" IS NULL OR list_has_any(asked, "used")
