-- Early notices and spoken yeses that the transcript shows to have come after the party was already speaking
-- in the recording; the turn in which a yes was said is the yes (policy.md, In time).
WITH early AS (
  SELECT i.outsider, i.kind, i.id, i.contactId, i.form, i."at", i.until, u.recordingId, u.party, u.person, u.recordedFrom
  FROM consentItem i JOIN recordedOutsider u ON u.rowid = i.outsider
  WHERE i.early AND i.afterwards
)
SELECT DISTINCT e.outsider, e.kind, e.id
FROM early e JOIN turn t ON t.contactId = e.contactId
LEFT JOIN resolvedName n ON n.name = t.partyId AND n."at" = t."at"
WHERE (t.recordingId IS NULL OR t.recordingId = e.recordingId) AND (t.partyId = e.party OR n.person = e.person OR t.partyId = e.person)
  AND coalesce(t.until, t."at") >= e.recordedFrom AND t."at" < e.until
  AND (e.form <> 'verbal' OR t.until IS NULL OR t.until < e."at")
