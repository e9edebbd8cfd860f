WITH told AS (
  SELECT unitPart(h.id) || '|' || h.party AS unit, h.id, h."at", h.contactId, h.party, h.packKey, h.noticeId, h.noticeVersion, h.language AS noticeLanguage, coalesce(h.partyLanguage, c.language) AS partyLanguage
  FROM noticeHeard h LEFT JOIN contact c ON c.id = CASE WHEN h.partyLanguage IS NULL THEN h.contactId END
  WHERE NOT h.ambiguous
),
judged AS (
  SELECT *, CASE WHEN noticeLanguage IS NULL OR partyLanguage IS NULL THEN 'language-unknown'
    WHEN lower(split_part(noticeLanguage, '-', 1)) <> lower(split_part(partyLanguage, '-', 1)) THEN 'other-language' END AS reason
  FROM told
)
SELECT unit, "at", contactId, NULL AS recordingId, party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason = 'other-language' THEN 'fail' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, 'notice ' || coalesce(noticeId || coalesce(' ' || noticeVersion, ''), 'unnamed') || ', ' || coalesce(partyLanguage, 'language unknown') AS cause,
  packKey, 'consent.notices' AS ruleRef, NULL AS law,
  CASE WHEN reason IS NOT NULL THEN [{kind: 'event', id: id}, {kind: 'contact', id: contactId}] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN reason IS NOT NULL THEN to_json({notice: noticeId, noticeLanguage: noticeLanguage, partyLanguage: partyLanguage}) END AS details
FROM judged
ORDER BY unit
