-- Recorded outsiders who joined after capturing had begun, while another outsider was already there.
SELECT DISTINCT u.rowid AS outsider
FROM recordedOutsider u
JOIN attendance a ON a.contactId = u.contactId AND a.isOutsider AND a.person <> u.person AND a."from" < u.joined AND u.joined < a.until
WHERE u.joined > u.recordedFrom
