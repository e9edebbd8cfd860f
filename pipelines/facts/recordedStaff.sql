-- Staff whom a recording exposed, and when they had acknowledged being monitored. An id that holds a bar is quoted in the unit.
WITH exposed AS (
  SELECT recordingNumber, party, any_value(recordingId) AS recordingId, any_value(contactId) AS contactId, min("from") AS firstExposed
  FROM exposure WHERE NOT isOutsider GROUP BY recordingNumber, party
),
listed AS (
  SELECT contactId, party, min(staff) AS staff, bool_or(staffAmbiguous) AS ambiguous FROM party WHERE isStaff GROUP BY contactId, party
),
contested AS (
  SELECT DISTINCT n.name FROM (SELECT id FROM conflict WHERE kind = 'staff') x
  JOIN stored_staff s ON s.id = x.id, unnest(list_append([a.alias FOR a IN coalesce(s.aliases, [])], s.id)) AS n(name)
),
stated AS (
  SELECT e.recordingNumber, e.recordingId, e.contactId, e.party, e.firstExposed, l.staff, s.site, s.queue, s.packKey, f.monitoringAcknowledgedAt AS acknowledgedAt,
    CASE
      WHEN l.ambiguous THEN 'ambiguous-person'
      WHEN c.name IS NOT NULL THEN 'conflicting-records'
      WHEN f.id IS NULL THEN 'staff-unknown'
      WHEN f.monitoringAcknowledgedAt IS NULL THEN 'never-acknowledged'
      WHEN f.monitoringAcknowledgedAt > e.firstExposed THEN 'acknowledged-later'
    END AS reason
  FROM exposed e
  JOIN listed l ON l.contactId = e.contactId AND l.party = e.party
  JOIN recordingSpan s ON s.rowid = e.recordingNumber
  LEFT JOIN staff f ON f.id = l.staff
  LEFT JOIN contested c ON c.name = e.party
),
looked AS (
  SELECT DISTINCT s.recordingNumber
  FROM stated s JOIN coverageWindow w ON w.kind = 'staff' AND w."from" <= s.firstExposed AND s.firstExposed < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, s.queue)) AND (w.sites IS NULL OR list_contains(w.sites, s.site))
  WHERE s.reason = 'staff-unknown'
)
SELECT unitPart(s.recordingId) || '|' || s.party AS unit, s.* REPLACE (CASE WHEN s.reason = 'staff-unknown' AND k.recordingNumber IS NULL THEN 'not-covered' ELSE s.reason END AS reason)
FROM stated s LEFT JOIN looked k ON k.recordingNumber = s.recordingNumber
