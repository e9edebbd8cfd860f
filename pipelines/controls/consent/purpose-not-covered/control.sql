WITH told AS (
  SELECT j.outsider, j.purpose, u.party, u.person, j.shown[1] AS shown FROM purposeJudgement j JOIN recordedOutsider u ON u.rowid = j.outsider WHERE j.shown IS NOT NULL
),
known AS (
  SELECT person, list(name) AS names FROM personName SEMI JOIN told USING (person) GROUP BY person
),
said AS (
  SELECT t.outsider, t.purpose, t.shown, list_sort(list_distinct(list_append(coalesce(n.names, []), t.party))) AS searched FROM told t LEFT JOIN known n ON n.person = t.person
)
SELECT u.unit || '|' || j.purpose AS unit, u.firstExposed AS "at", u.contactId, u.recordingId, u.party, NULL AS staff,
  CASE WHEN j.reason IS NULL THEN 'pass'
    WHEN j.reason = 'recording-itself' THEN 'notApplicable'
    WHEN j.reason IN ('not-granted', 'overruled', 'late', 'expired', 'weaker-form', 'refused', 'withdrawn', 'objected') THEN 'fail'
    ELSE 'unverifiable' END AS outcome,
  j.reason, NULL AS severity, CASE WHEN s.outsider IS NOT NULL THEN 'purpose ' || j.purpose || coalesce(', queue ' || u.queue, '') END AS cause, u.packKey,
  CASE WHEN s.outsider IS NOT NULL THEN 'consent.purposes.' || j.purpose END AS ruleRef, NULL AS law,
  CASE WHEN s.outsider IS NOT NULL THEN list_filter([{kind: 'recording', id: u.recordingId}, {kind: 'contact', id: u.contactId}, {kind: s.shown.refusalKind, id: s.shown.refusalId},
    {kind: s.shown.item.kind, id: s.shown.item.id}], lambda x: x.id IS NOT NULL) || CASE WHEN j.reason = 'overruled' THEN s.shown.noes ELSE [] END END AS evidence,
  CASE WHEN j.reason = 'overruled' THEN s.shown.overruled END AS contrary, s.searched,
  CASE WHEN s.outsider IS NOT NULL THEN to_json({purpose: j.purpose, level: j.level, asked: CASE j.level WHEN 'express' THEN 'express consent' ELSE j.level END, form: s.shown.item.form, evidenceAt: replace(s.shown.item."at"::VARCHAR, ' ', 'T') || 'Z',
    saidAt: replace(s.shown.saidAt::VARCHAR, ' ', 'T') || 'Z', contested: s.shown.contested}) END AS details
FROM purposeJudgement j
JOIN recordedOutsider u ON u.rowid = j.outsider
LEFT JOIN said s ON s.outsider = j.outsider AND s.purpose = j.purpose
UNION ALL
SELECT unit, "at", contactId, recordingId, NULL, NULL, 'unverifiable', doubt, NULL, NULL, NULL, NULL, NULL,
  list_filter([{kind: 'recording', id: recordingId}], lambda x: x.id IS NOT NULL), NULL, NULL, to_json({contested: contested})
FROM consentDoubt WHERE party IS NULL
ORDER BY unit
