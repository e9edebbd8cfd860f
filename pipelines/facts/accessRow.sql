-- Each access in numbers: millions of rows, so that all that can be said once is said in accessDeed, accessObject and
-- accessClient. Its rowid is what other facts call access; aim is that of its object.
SELECT a.id AS accessId, a."at", d.rowid::INTEGER AS deed, o.rowid::INTEGER AS object, o.aim, c.rowid::INTEGER AS client
FROM access a
JOIN accessDeed d ON d.actor = a.actor.id AND d.actorType = a.actor.type AND d.action = a.action AND d.outcome = a.outcome
  AND d.onBehalfOf IS NOT DISTINCT FROM a.actor.onBehalfOf AND d.purpose IS NOT DISTINCT FROM a.purpose AND d."from" <= a."at" AND a."at" < d.until
JOIN accessObject o ON o.writtenRecording IS NOT DISTINCT FROM a.recordingId AND o.writtenContact IS NOT DISTINCT FROM a.contactId AND o.uri IS NOT DISTINCT FROM a.uri
LEFT JOIN accessClient c ON c.ip IS NOT DISTINCT FROM a.ip AND c.country IS NOT DISTINCT FROM a.country AND c.userAgent IS NOT DISTINCT FROM a.userAgent
