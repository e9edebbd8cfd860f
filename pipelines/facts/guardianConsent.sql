-- Minors whom a recording exposed, and what a guardian consented to for them: to recording, in a form that says yes, in time, still valid,
-- and not ended by a no (fine print 14). The best such consent of each, with what it lacks.
WITH minor AS (
  SELECT u.rowid AS outsider, u.* FROM recordedOutsider u
  SEMI JOIN (FROM party WHERE minor AND isOutsider) p ON p.contactId = u.contactId AND p.party = u.party
),
consenting AS (
  SELECT u.outsider, i.id, i.form, i."at", i.ambiguous, i.expired, i.afterwards, i.stands AND i.form NOT IN ('announcement', 'tone') AS accepted
  FROM minor u
  JOIN purposeItem i ON i.outsider = u.outsider AND i.purpose = 'recording' AND i.kind = 'consent'
  JOIN consent c ON c.id = i.id AND c.capacity = 'guardian'
  WHERE i."at" <= u.lastExposed
),
best AS (
  SELECT outsider, bool_or(ambiguous) AS maybe,
    min({defects: afterwards::INTEGER + expired::INTEGER + (NOT accepted)::INTEGER,
      first: CASE WHEN afterwards THEN 'guardian-late' WHEN expired THEN 'guardian-expired' WHEN NOT accepted THEN 'guardian-form' END,
      "at": "at", id: id, form: form}) FILTER (NOT ambiguous) AS item
  FROM consenting GROUP BY outsider
),
looked AS (
  SELECT DISTINCT u.outsider
  FROM minor u JOIN coverageWindow w ON w.kind = 'consent' AND w."from" <= u.firstExposed AND u.firstExposed < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, u.queue)) AND (w.sites IS NULL OR list_contains(w.sites, u.site))
)
SELECT u.unit, u.recordingId, u.party, u.contactId, u.firstExposed, u.queue, u.packKey, b.item, d.contested,
  CASE
    WHEN d.doubt IS NOT NULL THEN d.doubt
    WHEN b.item.defects = 0 THEN NULL
    WHEN b.maybe THEN 'ambiguous-person'
    WHEN b.item IS NOT NULL THEN b.item.first
    WHEN k.outsider IS NULL THEN 'not-covered'
    ELSE 'no-guardian'
  END AS reason
FROM minor u
LEFT JOIN consentDoubt d ON d.outsider = u.outsider
LEFT JOIN best b ON b.outsider = u.outsider
LEFT JOIN looked k ON k.outsider = u.outsider
