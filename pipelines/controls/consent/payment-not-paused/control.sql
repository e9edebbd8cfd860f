WITH payment AS (
  SELECT e.id, e.contactId, e."at", coalesce(e.until, e."at") AS until, c.queue, c.site, k.packKey
  FROM event e LEFT JOIN contact c ON c.id = e.contactId
  LEFT JOIN packPeriod k ON k."from" <= e."at" AND (k.until IS NULL OR e."at" < k.until)
  WHERE e.type = 'payment'
),
captured AS (
  SELECT p.id, min({"from": greatest(c."from", p."at"), recordingId: c.recordingId}) AS first
  FROM payment p JOIN capturing c ON c.contactId = p.contactId AND p."at" < c.until AND (c."from" <= p."at" OR c."from" < p.until)
  GROUP BY p.id
),
looked AS (
  SELECT DISTINCT p.id FROM payment p JOIN coverageWindow w ON w.kind = 'recording' AND w."from" <= p."at" AND p."at" < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, p.queue)) AND (w.sites IS NULL OR list_contains(w.sites, p.site))
),
recorded AS (
  SELECT DISTINCT contactId FROM recordingSpan
),
contested AS (
  SELECT DISTINCT contactId FROM conflictContact WHERE kind = 'recording'
),
judged AS (
  SELECT p.*, x.first,
    CASE WHEN x.id IS NOT NULL THEN 'captured' WHEN t.contactId IS NOT NULL THEN 'conflicting-records' WHEN r.contactId IS NOT NULL THEN NULL
      WHEN k.id IS NULL THEN 'not-covered' ELSE 'not-recorded' END AS reason
  FROM payment p
  LEFT JOIN captured x ON x.id = p.id
  LEFT JOIN recorded r ON r.contactId = p.contactId
  LEFT JOIN contested t ON t.contactId = p.contactId
  LEFT JOIN looked k ON k.id = p.id
)
SELECT id AS unit, "at", contactId, first.recordingId AS recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason = 'captured' THEN 'fail' WHEN reason = 'not-recorded' THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, 'queue ' || queue AS cause, packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN reason = 'captured' THEN [{kind: 'event', id: id}, {kind: 'recording', id: first.recordingId}, {kind: 'contact', id: contactId}]
    WHEN reason IS NOT NULL THEN [{kind: 'event', id: id}] END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN reason = 'captured' THEN to_json({until: replace(until::VARCHAR, ' ', 'T') || 'Z', capturedFrom: replace(first."from"::VARCHAR, ' ', 'T') || 'Z'}) END AS details
FROM judged
ORDER BY unit
