-- Recorded outsiders who joined after capturing had begun, while another outsider was already there.
SELECT DISTINCT u.recordingId, u.party
FROM recordedOutsider u
JOIN attendance a ON a.contactId = u.contactId AND a.isOutsider AND a.party <> u.party AND a."from" < u.joined AND u.joined < a.until
JOIN party p ON p.contactId = a.contactId AND p.party = a.party AND p.isOutsider AND p.person <> u.person
WHERE u.joined > u.recordedFrom
