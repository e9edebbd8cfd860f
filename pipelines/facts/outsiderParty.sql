-- The parties outside the organisation on each contact, by their name there, with the person behind it.
SELECT contactId, party, min(person) AS person FROM party WHERE isOutsider GROUP BY contactId, party
