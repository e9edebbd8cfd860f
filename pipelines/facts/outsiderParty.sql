-- The parties outside the organisation on each contact, by their name there, with the person behind it; a number of several people
-- then stands for itself, since it is never guessed whose it was.
SELECT contactId, party, CASE WHEN bool_or(ambiguous) THEN party ELSE min(person) END AS person, bool_or(ambiguous) AS ambiguous
FROM party WHERE isOutsider GROUP BY contactId, party
