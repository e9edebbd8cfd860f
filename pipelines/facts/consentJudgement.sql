-- The numbered list of consent (controls.md, 1 to 7): for each recorded outsider the one control that decides, or none.
-- `control` NULL: passed, or unverifiable for all seven. An outcome `fail` or `unverifiable` with a control is that control's.
WITH best AS (
  SELECT recordingId, party,
    bool_or(defectCount = 0 AND NOT ambiguous) AS satisfied,
    bool_or(ambiguous) AS ambiguous,
    min({defects: defectCount, first: firstDefect, "at": "at", id: id, kind: kind}) FILTER (NOT ambiguous) AS item
  FROM itemDefect GROUP BY recordingId, party
),
crew AS (
  SELECT contactId, bool_or(isStaff OR isBot) AS acted, count(*) AS parties FROM party GROUP BY contactId
),
doubtful AS (
  SELECT DISTINCT n.recordingId, n.party
  FROM purposeRefusal n JOIN recordedOutsider u ON u.recordingId = n.recordingId AND u.party = n.party
  WHERE n.ambiguous AND n.purpose = 'recording' AND n."at" <= u.lastExposed
),
stated AS (
  SELECT u.unit, u.recordingId, u.party, u.contactId, u.person, u.firstExposed, u.lastExposed, u.queue, u.site, u.channel, u.packKey, s.scope, s.leftOut, r.rule,
    coalesce(c.doubt, CASE WHEN r.rule = 'text-unnamed' THEN 'channel-unnamed' END) AS doubt,
    x."at" AS refusedFrom, x.says, x.kind AS refusalKind, x.id AS refusalId, x.saidAt,
    l.recordingId IS NOT NULL AS joinedLate, w.acted OR w.parties = 1 AS acted,
    b.item, coalesce(b.satisfied, false) AS satisfied, coalesce(b.ambiguous, false) AS maybeGiven, d.recordingId IS NOT NULL AS maybeRefused, c.contested
  FROM recordedOutsider u
  LEFT JOIN recordingScope s ON s.recordingId = u.recordingId
  LEFT JOIN scopeRule r ON r.scope = s.scope
  LEFT JOIN consentDoubt c ON c.recordingId = u.recordingId AND c.party = u.party
  LEFT JOIN refusedExposure x ON x.recordingId = u.recordingId AND x.party = u.party AND x.purpose = 'recording' AND NOT x.ambiguous
  LEFT JOIN lateJoiner l ON l.recordingId = u.recordingId AND l.party = u.party
  LEFT JOIN crew w ON w.contactId = u.contactId
  LEFT JOIN best b ON b.recordingId = u.recordingId AND b.party = u.party
  LEFT JOIN doubtful d ON d.recordingId = u.recordingId AND d.party = u.party
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
looked AS (
  SELECT DISTINCT d.unit
  FROM decided d JOIN coverageWindow w ON w.kind IN ('consent', 'notice-played') AND w."from" <= d.firstExposed AND d.firstExposed < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, d.queue)) AND (w.sites IS NULL OR list_contains(w.sites, d.site))
  WHERE d.breachReason IN ('joined-uninformed', 'no-evidence') AND d.breach IS NOT NULL
)
SELECT d.* EXCLUDE (doubt, breach, breachReason),
  CASE
    WHEN doubt IS NOT NULL OR maybeRefused OR (breach IS NOT NULL AND refusedFrom IS NULL AND breachReason <> 'no-participant' AND maybeGiven) THEN 'unverifiable'
    WHEN breach IS NULL THEN 'pass'
    WHEN breachReason IN ('joined-uninformed', 'no-evidence') AND k.unit IS NULL THEN 'unverifiable'
    ELSE 'fail'
  END AS outcome,
  CASE
    WHEN doubt IS NOT NULL THEN doubt
    WHEN maybeRefused OR (breach IS NOT NULL AND refusedFrom IS NULL AND breachReason <> 'no-participant' AND maybeGiven) THEN 'ambiguous-person'
    WHEN breach IS NULL THEN NULL
    WHEN breachReason IN ('joined-uninformed', 'no-evidence') AND k.unit IS NULL THEN 'not-covered'
    ELSE breachReason
  END AS reason,
  CASE
    WHEN doubt IS NOT NULL OR maybeRefused OR (refusedFrom IS NULL AND breachReason <> 'no-participant' AND maybeGiven) THEN NULL
    ELSE breach
  END AS control,
  coalesce(refusedFrom, firstExposed) AS "at"
FROM decided d LEFT JOIN looked k ON k.unit = d.unit
UNION ALL BY NAME
SELECT unit, recordingId, contactId, "at", 'unverifiable' AS outcome, doubt AS reason, contested
FROM consentDoubt WHERE party IS NULL
