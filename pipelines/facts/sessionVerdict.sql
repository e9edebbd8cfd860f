-- Each session of access (not list) with the one numbered control of the access family that fires for it, if any:
-- a session fails if any access in it fails, and the first control in the list that applies to one of them decides.
-- doubt: nothing fires, and the records cannot tell from control number doubtFrom on.
WITH numbered AS (
  SELECT * FROM (VALUES (1, 'anonymous'), (2, 'unknown-actor'), (3, 'unauthorised-monitoring'), (4, 'grant-expired'),
    (5, 'explanation-backdated'), (6, 'unexplained')) AS t(number, name)
),
worst AS (
  SELECT s.sessionId, min(n.number) AS number, min(v.doubt) AS doubt, min(v.doubtFrom) FILTER (v.doubt IS NOT NULL) AS doubtFrom
  FROM accessVerdict v JOIN accessSession s ON s.accessId = v.accessId LEFT JOIN numbered n ON n.name = v.fires
  GROUP BY s.sessionId
)
SELECT u.sessionId, u."at", u.packKey, u.actor, u.actorType, u.onBehalfOf, u.actorKind, u.person, u.staff, u.action, u.recordingId, u.contactId, u.target, u.purpose,
  n.name AS fires, CASE WHEN n.name IS NULL THEN w.doubt END AS doubt, w.doubtFrom
FROM accessUnit u
LEFT JOIN worst w ON w.sessionId = u.sessionId
LEFT JOIN numbered n ON n.number = w.number
WHERE u.action <> 'list'
