-- Granted restrictions and objections, wholly or partly, of somebody on the contact that were in force at an access, from
-- receipt until lifted; an access whose own purpose is exempt has none. A request that names purposes speaks of those only.
WITH met AS (
  SELECT a.accessId, a."at", q.id AS requestId, q.type, q.purposes AS asked, p.party,
    coalesce(u.purposes, r.purposes) AS "used", m.doubtful OR p.doubtful AS doubtful
  FROM accessAct a
  JOIN contactPerson p ON p.contactId = a.contactId
  JOIN requestPerson m ON m.person = p.person
  JOIN request q ON q.id = m.requestId
  LEFT JOIN recording r ON r.id = a.recordingId
  LEFT JOIN accessPurpose u ON u.accessId = a.accessId
  LEFT JOIN pack k ON k.packKey = a.packKey
  WHERE a.outcome = 'success' AND a.problem IS DISTINCT FROM 'target-disagrees' AND q.type IN ('restriction', 'objection') AND q.outcome IN ('granted', 'partly')
    AND a."at" >= q.receivedAt AND (q.liftedAt IS NULL OR a."at" < q.liftedAt)
    AND NOT coalesce(list_contains(k.exemptPurposes, a.purpose), false)
)
SELECT DISTINCT accessId, requestId, type, party,
  CASE WHEN doubtful THEN 'ambiguous-person'
    WHEN asked IS NULL OR list_contains(asked, '*') THEN NULL
    WHEN "used" IS NULL OR NOT list_has_all(asked, "used") THEN 'purpose-unknown' END AS doubt
FROM met
WHERE asked IS NULL OR list_contains(asked, '*') OR "used" IS NULL OR list_has_any(asked, "used")
