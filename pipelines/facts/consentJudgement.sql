-- The numbered list of consent (controls.md, 1 to 7): for each recorded outsider the one control that decides, or none.
-- `control` NULL: passed, or unverifiable for all seven. An outcome `fail` or `unverifiable` with a control is that control's.
WITH best AS (
  SELECT outsider, bool_or(defectCount = 0 AND NOT ambiguous) AS satisfied, bool_or(ambiguous) AS ambiguous FROM itemDefect GROUP BY outsider
),
lacking AS (
  SELECT outsider, min({defects: defectCount, first: firstDefect, "at": "at", id: id, kind: kind}) AS item
  FROM itemDefect WHERE defectCount > 0 AND NOT ambiguous GROUP BY outsider
),
doubtful AS (
  SELECT DISTINCT n.outsider
  FROM purposeRefusal n JOIN recordedOutsider u ON u.rowid = n.outsider
  WHERE n.ambiguous AND n.purpose = 'recording' AND n."at" <= u.lastExposed
),
stated AS (
  SELECT u.rowid AS outsider, s.scope, s.leftOut, r.rule, coalesce(c.doubt, CASE WHEN r.rule = 'text-unnamed' THEN 'channel-unnamed' END) AS doubt,
    x."at" AS refusedFrom, x.says, x.kind AS refusalKind, x.id AS refusalId, x.saidAt,
    l.outsider IS NOT NULL AS joinedLate, u.acted,
    i.item, coalesce(b.satisfied, false) AS satisfied, coalesce(b.ambiguous, false) AS maybeGiven, d.outsider IS NOT NULL AS maybeRefused, c.contested
  FROM recordedOutsider u
  LEFT JOIN recordingScope s ON s.recordingNumber = u.recordingNumber
  LEFT JOIN scopeRule r ON r.scope = s.scope
  LEFT JOIN consentDoubt c ON c.outsider = u.rowid
  LEFT JOIN (FROM refusedExposure WHERE purpose = 'recording' AND NOT ambiguous) x ON x.outsider = u.rowid
  LEFT JOIN lateJoiner l ON l.outsider = u.rowid
  LEFT JOIN best b ON b.outsider = u.rowid
  LEFT JOIN lacking i ON i.outsider = u.rowid
  LEFT JOIN doubtful d ON d.outsider = u.rowid
),
decided AS (
  SELECT *,
    CASE
      WHEN doubt IS NOT NULL THEN NULL
      WHEN refusedFrom IS NOT NULL THEN 'consent/recorded-after-refusal'
      WHEN rule = 'one-party' THEN CASE WHEN NOT acted THEN 'consent/recorded-without-consent' END
      WHEN rule = 'text-none' OR satisfied THEN NULL
      WHEN item IS NULL AND joinedLate THEN 'consent/late-joiner-not-informed'
      WHEN item IS NULL THEN 'consent/recorded-without-consent'
      WHEN item.first = 4 THEN 'consent/consent-after-recording-started'
      WHEN item.first = 5 THEN 'consent/consent-expired'
      WHEN item.first = 6 THEN 'consent/notice-not-in-recording'
      ELSE 'consent/form-not-accepted'
    END AS breach,
    CASE
      WHEN refusedFrom IS NOT NULL THEN says
      WHEN rule = 'one-party' THEN 'no-participant'
      WHEN item IS NULL THEN CASE WHEN joinedLate THEN 'joined-uninformed' ELSE 'no-evidence' END
      WHEN item.first = 4 THEN 'late'
      WHEN item.first = 5 THEN 'expired'
      WHEN item.first = 6 THEN 'outside'
      ELSE 'form'
    END AS breachReason
  FROM stated
),
-- Few: they are found before the windows are asked.
unheard AS MATERIALIZED (
  SELECT u.rowid AS outsider, u.firstExposed, u.queue, u.site
  FROM recordedOutsider u SEMI JOIN (FROM decided WHERE breachReason IN ('joined-uninformed', 'no-evidence') AND breach IS NOT NULL) d ON d.outsider = u.rowid
),
looked AS (
  SELECT DISTINCT u.outsider
  FROM unheard u JOIN coverageWindow w ON w.kind IN ('consent', 'notice-played') AND w."from" <= u.firstExposed AND u.firstExposed < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, u.queue)) AND (w.sites IS NULL OR list_contains(w.sites, u.site))
),
-- Evidence is known, but a no ended or overrules all of it.
overruled AS (
  SELECT DISTINCT i.outsider FROM consentItem i SEMI JOIN unheard USING (outsider)
  WHERE i."at" <= i.lastExposed AND (list_contains(i.purposes, 'recording') OR list_contains(i.purposes, '*'))
),
-- A name of several people matters where it may have refused, or may have given what is missing.
told AS (
  SELECT d.* REPLACE (CASE WHEN o.outsider IS NOT NULL THEN 'overruled' ELSE breachReason END AS breachReason), maybeRefused OR (breach IS NOT NULL AND refusedFrom IS NULL AND breachReason <> 'no-participant' AND maybeGiven) AS mistakable,
    breachReason IN ('joined-uninformed', 'no-evidence') AND k.outsider IS NULL AS unlooked
  FROM decided d LEFT JOIN looked k ON k.outsider = d.outsider LEFT JOIN overruled o ON o.outsider = d.outsider
)
SELECT t.outsider, u.unit, u.recordingId, u.party, u.contactId, u.packKey,
  CASE WHEN doubt IS NOT NULL OR mistakable THEN 'unverifiable' WHEN breach IS NULL THEN 'pass' WHEN unlooked THEN 'unverifiable' ELSE 'fail' END AS outcome,
  CASE WHEN doubt IS NOT NULL THEN doubt WHEN mistakable THEN 'ambiguous-person' WHEN breach IS NULL THEN NULL WHEN unlooked THEN 'not-covered' ELSE breachReason END AS reason,
  CASE WHEN doubt IS NULL AND NOT mistakable THEN breach END AS control,
  coalesce(refusedFrom, u.firstExposed) AS "at",
  -- What only findings show.
  CASE WHEN doubt IS NOT NULL OR mistakable OR breach IS NOT NULL THEN [{person: u.person, firstExposed: u.firstExposed, lastExposed: u.lastExposed, joined: u.joined, queue: u.queue, channel: u.channel,
    scope: scope, leftOut: leftOut, rule: rule, says: says, refusalKind: refusalKind, refusalId: refusalId, saidAt: saidAt, item: item, contested: contested}] END AS shown
FROM told t JOIN recordedOutsider u ON u.rowid = t.outsider
UNION ALL BY NAME
SELECT unit, recordingId, contactId, "at", 'unverifiable' AS outcome, doubt AS reason
FROM consentDoubt WHERE party IS NULL
