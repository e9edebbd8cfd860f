-- A view: one row for each session of access: what its first access says of actor, target and time.
SELECT s.session, s.sessionId, s."at", s.deed, s.object, d.who, d.packKey, d.actor, d.actorType, d.onBehalfOf, d.actorKind, d.person, d.staff, d.action,
  s.recordingId, s.contactId, coalesce(s.recordingId, s.contactId, s.elsewhere) AS target, d.purpose
FROM sessionRow s JOIN accessDeed d ON d.rowid = s.deed
