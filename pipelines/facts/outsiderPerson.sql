-- The persons outside the organisation on each contact.
SELECT DISTINCT contactId, person, ambiguous FROM outsiderParty
