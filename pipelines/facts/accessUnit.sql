-- One row for each session of access: what its first access says of actor, target and time.
SELECT s.sessionId, a."at", a.packKey, a.actor, a.actorType, a.onBehalfOf, a.actorKind, a.person, a.staff, a.action,
  a.recordingId, a.contactId, a.target, a.uri, a.purpose
FROM accessSession s JOIN accessAct a ON a.accessId = s.accessId
WHERE s.sessionId = s.accessId
