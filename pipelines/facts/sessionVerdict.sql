-- A view: each session of access (not list) with what the numbered controls of the access family say of it (sessionFault);
-- actor, purpose, policy and time are those of the access that decides, else of the first.
SELECT s.session, s.sessionId, coalesce(w."at", s."at") AS "at", d.packKey, d.actor, d.actorType, d.onBehalfOf, d.person, d.staff, d.action,
  s.recordingId, s.contactId, coalesce(s.recordingId, s.contactId, s.elsewhere) AS target, d.purpose, w.fires, w.doubt, w.doubtFrom
FROM sessionRow s LEFT JOIN sessionFault w ON w.session = s.session JOIN accessDeed d ON d.rowid = coalesce(w.deed, s.deed) WHERE d.action <> 'list'
