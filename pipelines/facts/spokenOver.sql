-- Early notices and spoken yeses that the transcript shows to have come after the party was already speaking
-- in the recording; the turn in which a yes was said is the yes (policy.md, In time).
WITH early AS (
  SELECT i.recordingId, i.party, i.kind, i.id, i.contactId, i.form, i."at", i.until, u.person, u.recordedFrom
  FROM consentItem i JOIN recordedOutsider u ON u.recordingId = i.recordingId AND u.party = i.party
  WHERE i.early AND i.afterwards
)
SELECT DISTINCT e.recordingId, e.party, e.kind, e.id
FROM early e JOIN turn t ON t.contactId = e.contactId AND (t.recordingId IS NULL OR t.recordingId = e.recordingId)
LEFT JOIN resolvedName n ON n.name = t.partyId AND n."at" = t."at"
WHERE (t.partyId = e.party OR n.person = e.person OR t.partyId = e.person)
  AND coalesce(t.until, t."at") >= e.recordedFrom AND t."at" < e.until
  AND (e.form <> 'verbal' OR t.until IS NULL OR t.until < e."at")
