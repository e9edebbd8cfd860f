-- Account details disclosed with no verification of the same party's identity before it in the chain.
WITH judged AS (
  SELECT v.*, CASE WHEN verifiedBefore IS NOT NULL THEN 'pass' WHEN doubt IS NOT NULL THEN 'unverifiable' ELSE 'fail' END AS result
  FROM verifiedDisclosure v
)
SELECT
  eventId AS unit, "at", contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  result AS outcome,
  CASE result WHEN 'fail' THEN CASE WHEN verifiedAfter IS NULL THEN 'never-verified' ELSE 'verified-later' END WHEN 'unverifiable' THEN doubt END AS reason,
  NULL AS severity,
  CASE WHEN result = 'fail' THEN queue END AS cause,
  packKey,
  NULL AS ruleRef,
  NULL AS law,
  CASE WHEN result IN ('fail', 'unverifiable') THEN
    list_concat([{kind: 'event', id: eventId}, {kind: 'contact', id: contactId}], CASE WHEN verifiedAfter IS NOT NULL THEN [{kind: 'event', id: verifiedAfter}] END) END AS evidence,
  NULL AS contrary,
  CASE WHEN result = 'fail' AND partyId IS NOT NULL THEN [partyId] END AS searched,
  CASE WHEN result IN ('fail', 'unverifiable') THEN json_object('eventId', eventId, 'customer', partyId, 'verifiedAt', verifiedAfterAt, 'queue', queue) END AS details
FROM judged
ORDER BY unit
