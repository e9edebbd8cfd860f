-- A view: each access with who acted, as names stood at its time (accessDeed), and what it touched (accessObject).
SELECT r.rowid::INTEGER AS access, r.accessId, r."at", r.deed, r.object, r.aim, r.client, d.who, d.lane, d.packKey, d.actor, d.actorType, d.onBehalfOf, d.actorKind, d.person, d.staff,
  d.action, d.outcome, d.purpose, o.uri, o.recordingId, o.contactId, o.target, o.problem, o.contactKnown
FROM accessRow r
JOIN accessDeed d ON d.rowid = r.deed
JOIN accessObject o ON o.rowid = r.object
