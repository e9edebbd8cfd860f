WITH placed AS (
  SELECT DISTINCT coalesce(s.queue, 'no queue') AS queue, s.contactSource, u.contactId, u.party, u.firstExposed, u.packKey,
    coalesce(p.jurisdiction IS NULL, false) AS unplaced, coalesce(p.weak AND p.jurisdiction IS NOT NULL, false) AS weak
  FROM recordedOutsider u
  JOIN recordingSpan s ON s.rowid = u.recordingNumber
  LEFT JOIN consideredPlace p ON p.recordingNumber = u.recordingNumber AND p.holder = u.party AND p.isOutsider
  WHERE u.medium <> 'text'
),
counted AS (
  SELECT queue, contactSource, arg_max(packKey, {t: firstExposed, k: packKey}) AS packKey, count(DISTINCT (contactId, party)) AS outsiders,
    count(DISTINCT (contactId, party)) FILTER (unplaced AND packKey IS NOT NULL) AS unknown, count(DISTINCT (contactId, party)) FILTER (weak) AS weak,
    min(firstExposed) FILTER (unplaced) AS "at", min(firstExposed) AS began, list_sort(list(DISTINCT contactId) FILTER (unplaced))[:20] AS contacts
  FROM placed GROUP BY queue, contactSource
),
judged AS (
  SELECT *, CASE WHEN packKey IS NULL THEN 'no-policy' WHEN unknown > 0 THEN 'place-unknown' END AS reason FROM counted
)
SELECT unitPart(queue) || '|' || contactSource AS unit, coalesce("at", began) AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason = 'place-unknown' THEN 'fail' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, 'queue ' || queue AS cause, packKey, 'consent.unknownJurisdiction' AS ruleRef, NULL AS law,
  CASE WHEN reason IS NOT NULL THEN [{kind: 'contact', id: c} FOR c IN contacts] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN reason IS NOT NULL THEN to_json({queue: queue, source: contactSource, unknown: unknown, outsiders: outsiders, weak: weak}) END AS details
FROM judged
ORDER BY unit
