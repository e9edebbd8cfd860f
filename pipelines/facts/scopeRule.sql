-- What a scope asks of one item of evidence: what all its governing rows accept together, or the level for text.
-- `opening`: a notice or spoken yes early inside the recording is in time for each of them (fine print 7).
SELECT scope, any_value(mode) AS rule, bool_or(wantsInside) AS wantsInside, bool_and(notice) AS notice, bool_and(noticeInside) AS noticeInside,
  bool_and(tone) AS tone, bool_and(verbal) AS verbal, bool_and(verbalInside) AS verbalInside, bool_and(keypad) AS keypad,
  bool_and(electronic) AS electronic, bool_and(written) AS written, bool_and(contract) AS contract, bool_and(opening) AS opening
FROM scopeRow WHERE governs GROUP BY scope
UNION ALL
SELECT scope, 'text-' || level, false, level = 'notice', level = 'notice', false, true, true, true, true, true, level = 'notice', level = 'notice'
FROM (SELECT DISTINCT scope, split_part(scope, '|', -1) AS level FROM recordingScope WHERE starts_with(scope, 'text|'))
