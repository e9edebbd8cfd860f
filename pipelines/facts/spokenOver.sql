-- Early notices and spoken yeses that the transcript shows to have come after the party was already speaking
-- in the recording; the turn in which a yes was said is the yes (policy.md, In time). `doubtful`: only a number of several people
-- is shown speaking, of whom the party is one.
WITH early AS (
  SELECT i.outsider, i.kind, i.id, i.contactId, i.form, i."at", i.until, u.recordingId, u.party, u.person, u.recordedFrom
  FROM consentItem i JOIN recordedOutsider u ON u.rowid = i.outsider
  WHERE i.early AND i.afterwards
)
SELECT e.outsider, e.kind, e.id, bool_and(t.partyId <> e.party AND t.partyId <> e.person AND coalesce(n.ambiguous, false)) AS doubtful
FROM early e JOIN turn t ON t.contactId = e.contactId
LEFT JOIN resolvedName n ON n.name = t.partyId AND n."at" = t."at"
LEFT JOIN personName m ON m.name = t.partyId AND m.person = e.person AND (m."from" IS NULL OR m."from" <= t."at") AND (m.until IS NULL OR t."at" < m.until)
WHERE (t.recordingId IS NULL OR t.recordingId = e.recordingId) AND (t.partyId = e.party OR m.person IS NOT NULL OR t.partyId = e.person)
  AND coalesce(t.until, t."at") >= e.recordedFrom AND t."at" < e.until
  AND (e.form <> 'verbal' OR t.until IS NULL OR t.until < e."at")
GROUP BY e.outsider, e.kind, e.id
