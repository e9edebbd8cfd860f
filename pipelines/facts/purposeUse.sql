-- Every use of a recording for a purpose: successful accesses with a stated purpose, or by a service whose declaration names
-- purposes. An access to a contact is a use of all its recordings. `recordingId` NULL: no recording is known for it.
WITH used AS (
  SELECT a.accessId, a."at", a.packKey, a.actor, a.action, a.recordingId, a.contactId, a.problem,
    unnest(CASE WHEN a.purpose IS NOT NULL THEN [a.purpose] ELSE s.purposes END) AS purpose
  FROM accessAct a
  LEFT JOIN packService s ON s.packKey = a.packKey AND s.id = a.actor AND a.actorType = 'service'
  WHERE a.outcome = 'success' AND (a.purpose IS NOT NULL OR len(s.purposes) > 0)
)
SELECT DISTINCT u.accessId, u."at", u.packKey, u.actor, u.action, coalesce(u.recordingId, r.id) AS recordingId, u.contactId, u.problem, u.purpose, p.level,
  p.level IS NULL AND coalesce(list_contains(k.exemptPurposes, u.purpose), false) AS exempt
FROM used u
LEFT JOIN recording r ON r.contactId = CASE WHEN u.recordingId IS NULL THEN u.contactId END
LEFT JOIN packPurpose p ON p.packKey = u.packKey AND p.purpose = u.purpose
LEFT JOIN pack k ON k.packKey = u.packKey
