-- Statements that bind a recorded outsider: made by that person on the recording's chain of contacts, or standing;
-- limited to the contact's channel where they name channels.
SELECT u.rowid AS outsider, s.*
FROM recordedOutsider u JOIN consentStatement s ON s.chain = u.chain AND s.person = u.person
WHERE s.channels IS NULL OR list_contains(s.channels, u.channel)
UNION ALL
SELECT u.rowid AS outsider, s.*
FROM recordedOutsider u JOIN consentStatement s ON s.person = u.person
WHERE s.chain IS NULL AND (s.channels IS NULL OR list_contains(s.channels, u.channel))
