WITH reasoned AS (
  SELECT p.accessId, p."at", p.packKey, p.actor, p.recordingId, p.contactId, p.purpose, p.level, j.party, j.person, j.refusal, j.expired,
    CASE
      WHEN p.problem IS NOT NULL THEN p.problem
      WHEN p.packKey IS NULL THEN 'no-policy'
      WHEN p.recordingId IS NULL OR k.recordingId IS NULL THEN 'recording-unknown'
      WHEN p.exempt THEN 'exempt-purpose'
      WHEN p.level IS NULL THEN 'purpose-unnamed'
      WHEN p.level = 'none' THEN NULL
      WHEN j.accessId IS NULL THEN coalesce(d.doubt, 'no-outsider')
      ELSE j.reason
    END AS reason
  FROM purposeUse p
  LEFT JOIN recordingSpan k ON k.recordingId = p.recordingId
  LEFT JOIN consentDoubt d ON d.recordingId = p.recordingId AND d.party IS NULL
  LEFT JOIN useJudgement j ON j.accessId = p.accessId AND j.purpose = p.purpose AND j.recordingId = p.recordingId
),
ranked AS (
  SELECT *, CASE WHEN reason IS NULL THEN 3 WHEN reason IN ('never-granted', 'withdrawn-before-use', 'expired-before-use') THEN 1
    WHEN reason IN ('exempt-purpose', 'no-outsider') THEN 4 ELSE 2 END AS rank
  FROM reasoned
),
first AS (
  SELECT accessId, any_value("at") AS "at", any_value(packKey) AS packKey, any_value(actor) AS actor, any_value(contactId) AS contactId,
    min({rank: rank, reason: reason, purpose: purpose, recordingId: recordingId, party: party, level: level, refusal: refusal, expired: expired}) AS worst,
    list_sort(list(DISTINCT party) FILTER (rank = 1)) AS people, list_sort(list(DISTINCT purpose) FILTER (rank = 1)) AS purposes
  FROM ranked GROUP BY accessId
)
SELECT accessId AS unit, "at", contactId, worst.recordingId AS recordingId, CASE WHEN worst.rank = 1 THEN worst.party END AS party, NULL AS staff,
  ['fail', 'unverifiable', 'pass', 'notApplicable'][worst.rank] AS outcome,
  worst.reason AS reason, NULL AS severity, actor AS cause, packKey, 'consent.purposes.' || worst.purpose AS ruleRef, NULL AS law,
  CASE WHEN worst.rank < 3 THEN list_filter([{kind: 'access', id: accessId}, {kind: 'recording', id: worst.recordingId}, {kind: worst.refusal.kind, id: worst.refusal.id},
    {kind: worst.expired.kind, id: worst.expired.id}], lambda x: x.id IS NOT NULL) END AS evidence,
  NULL AS contrary, CASE WHEN worst.rank = 1 THEN people END AS searched,
  CASE WHEN worst.rank < 3 THEN to_json({actor: actor, purpose: worst.purpose, purposes: purposes, level: worst.level, asked: CASE worst.level WHEN 'express' THEN 'express consent' ELSE worst.level END, people: people,
    saidAt: replace(worst.refusal."at"::VARCHAR, ' ', 'T') || 'Z', expiredAt: replace(worst.expired."at"::VARCHAR, ' ', 'T') || 'Z'}) END AS details
FROM first
ORDER BY unit
