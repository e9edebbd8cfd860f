-- Staff whom a recording exposed, and when they had acknowledged being monitored.
WITH exposed AS (
  SELECT recordingId, contactId, party, min("from") AS firstExposed FROM exposure WHERE NOT isOutsider GROUP BY ALL
),
listed AS (
  SELECT contactId, party, min(staff) AS staff, bool_or(staffAmbiguous) AS ambiguous FROM party WHERE isStaff GROUP BY ALL
),
looked AS (
  SELECT DISTINCT e.recordingId
  FROM exposed e JOIN recordingSpan s ON s.recordingId = e.recordingId
  JOIN coverageWindow w ON w.kind = 'staff' AND w."from" <= e.firstExposed AND e.firstExposed < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, s.queue)) AND (w.sites IS NULL OR list_contains(w.sites, s.site))
),
contested AS (
  SELECT DISTINCT s.id, n.name FROM (SELECT id FROM conflict WHERE kind = 'staff') x
  JOIN stored_staff s ON s.id = x.id, unnest(list_append([a.alias FOR a IN coalesce(s.aliases, [])], s.id)) AS n(name)
)
SELECT e.recordingId || '|' || e.party AS unit, e.recordingId, e.contactId, e.party, e.firstExposed, l.staff, s.site, s.packKey, f.monitoringAcknowledgedAt AS acknowledgedAt,
  CASE
    WHEN l.ambiguous THEN 'ambiguous-person'
    WHEN c.name IS NOT NULL THEN 'conflicting-records'
    WHEN f.id IS NULL THEN CASE WHEN k.recordingId IS NULL THEN 'not-covered' ELSE 'staff-unknown' END
    WHEN f.monitoringAcknowledgedAt IS NULL THEN 'never-acknowledged'
    WHEN f.monitoringAcknowledgedAt > e.firstExposed THEN 'acknowledged-later'
  END AS reason
FROM exposed e
JOIN listed l ON l.contactId = e.contactId AND l.party = e.party
JOIN recordingSpan s ON s.recordingId = e.recordingId
LEFT JOIN staff f ON f.id = l.staff
LEFT JOIN (SELECT DISTINCT name FROM contested) c ON c.name = e.party
LEFT JOIN looked k ON k.recordingId = e.recordingId
