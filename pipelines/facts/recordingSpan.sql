-- One row for each recording: from when until when it ran (its end defaults to the contact's, then to as-of),
-- with what the rules ask of its contact and the pack in force when it began. Its rowid
-- is what other facts call recordingNumber: joins on it are cheap. `ended`: its end or the contact's, where either is known. `acted`: staff or an own bot is on the contact, or its only party leaves a message.
SELECT r.id AS recordingId, r.contactId, k.chain, r.medium, c.channel, c.queue, c.site, c.language, c.sourceId AS contactSource,
  r.startedAt AS "from", least(coalesce(r.endedAt, c.endedAt, n."asOf"), n."asOf") AS until,
  r.pauses, r.purposes, r.location, r.lawfulBasis, r.lawfulBasisAt, p.packKey,
  coalesce(r.endedAt, c.endedAt) AS ended, r.deletedAt, r.deleteBy, c.id IS NOT NULL AS contactKnown, c.startedAt AS contactStarted, c.endedAt AS contactEnded,
  coalesce(len(c.parties) = 1 OR list_has_any([x.role FOR x IN c.parties], ['agent', 'supervisor', 'expert', 'bot']), false) AS acted
FROM recording r
CROSS JOIN run n
LEFT JOIN contact c ON c.id = r.contactId
LEFT JOIN chain k ON k.contactId = r.contactId
LEFT JOIN packPeriod p ON p."from" <= r.startedAt AND (p.until IS NULL OR r.startedAt < p.until)
