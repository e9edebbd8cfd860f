-- Minors whom a recording exposed, and what a guardian consented to for them: to recording, in a form that says yes, in time, still valid,
-- and not ended by a no (fine print 14). The best such consent of each, with what it lacks.
WITH consenting AS (
  SELECT u.unit, i.kind, i.id, i.form, i."at", i.ambiguous, i.expired, i.afterwards,
    i.stands AND i.form NOT IN ('announcement', 'tone') AS accepted
  FROM recordedOutsider u
  JOIN purposeItem i ON i.recordingId = u.recordingId AND i.party = u.party AND i.purpose = 'recording' AND i.kind = 'consent'
  JOIN consent c ON c.id = i.id AND c.capacity = 'guardian'
  WHERE u.minor AND i."at" <= u.lastExposed
),
best AS (
  SELECT unit, bool_or(ambiguous) AS maybe,
    min({defects: afterwards::INTEGER + expired::INTEGER + (NOT accepted)::INTEGER,
      first: CASE WHEN afterwards THEN 'guardian-late' WHEN expired THEN 'guardian-expired' WHEN NOT accepted THEN 'guardian-form' END,
      "at": "at", id: id, form: form}) FILTER (NOT ambiguous) AS item
  FROM consenting GROUP BY unit
),
looked AS (
  SELECT DISTINCT u.unit
  FROM recordedOutsider u JOIN coverageWindow w ON w.kind = 'consent' AND w."from" <= u.firstExposed AND u.firstExposed < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, u.queue)) AND (w.sites IS NULL OR list_contains(w.sites, u.site))
  WHERE u.minor
)
SELECT u.unit, u.recordingId, u.party, u.contactId, u.firstExposed, u.queue, u.packKey, u.person, b.item, d.contested,
  CASE
    WHEN d.doubt IS NOT NULL THEN d.doubt
    WHEN b.item.defects = 0 THEN NULL
    WHEN b.maybe THEN 'ambiguous-person'
    WHEN b.item IS NOT NULL THEN b.item.first
    WHEN k.unit IS NULL THEN 'not-covered'
    ELSE 'no-guardian'
  END AS reason
FROM recordedOutsider u
LEFT JOIN consentDoubt d ON d.recordingId = u.recordingId AND d.party = u.party
LEFT JOIN best b ON b.unit = u.unit
LEFT JOIN looked k ON k.unit = u.unit
WHERE u.minor
