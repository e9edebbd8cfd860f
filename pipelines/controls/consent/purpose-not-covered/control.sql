SELECT j.unit, j.firstExposed AS "at", j.contactId, j.recordingId, j.party, NULL AS staff,
  CASE WHEN j.reason IS NULL THEN 'pass'
    WHEN j.reason = 'recording-itself' THEN 'notApplicable'
    WHEN j.reason IN ('not-granted', 'late', 'expired', 'weaker-form', 'refused', 'withdrawn', 'objected') THEN 'fail'
    ELSE 'unverifiable' END AS outcome,
  j.reason, NULL AS severity, 'purpose ' || j.purpose || coalesce(', queue ' || j.queue, '') AS cause, j.packKey, 'consent.purposes.' || j.purpose AS ruleRef, NULL AS law,
  CASE WHEN told THEN list_filter([{kind: 'recording', id: j.recordingId}, {kind: 'contact', id: j.contactId}, {kind: j.refusalKind, id: j.refusalId},
    {kind: j.item.kind, id: j.item.id}], lambda x: x.id IS NOT NULL) END AS evidence,
  NULL AS contrary, CASE WHEN told THEN list_sort(list_distinct(list_append(coalesce(n.names, []), j.party))) END AS searched,
  CASE WHEN told THEN to_json({purpose: j.purpose, level: j.level, form: j.item.form, evidenceAt: replace(j.item."at"::VARCHAR, ' ', 'T') || 'Z',
    saidAt: replace(j.saidAt::VARCHAR, ' ', 'T') || 'Z', contested: j.contested}) END AS details
FROM (SELECT *, reason IS NOT NULL AND reason <> 'recording-itself' AS told FROM purposeJudgement) j
LEFT JOIN (SELECT person, list(name) AS names FROM personName SEMI JOIN (FROM purposeJudgement WHERE reason IS NOT NULL AND reason <> 'recording-itself') USING (person) GROUP BY person) n ON n.person = CASE WHEN j.told THEN j.person END
UNION ALL
SELECT unit, "at", contactId, recordingId, NULL, NULL, 'unverifiable', doubt, NULL, NULL, NULL, NULL, NULL,
  list_filter([{kind: 'recording', id: recordingId}], lambda x: x.id IS NOT NULL), NULL, NULL, to_json({contested: contested})
FROM consentDoubt WHERE party IS NULL
ORDER BY unit
