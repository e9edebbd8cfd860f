-- What a recorded outsider had granted of each purpose that the recording serves, by the time that they were captured:
-- `notice` is satisfied by notice or consent in any form but a tone, `express` by consent of their own; timing as for recording itself.
WITH timed AS (
  SELECT i.outsider, i.purpose, i.ambiguous, i."at", i.kind, i.id, i.form, i.expired,
    CASE i.level WHEN 'express' THEN i.afterwards ELSE i.late END AS late,
    i.stands AND CASE i.level WHEN 'express' THEN i.form IN ('verbal', 'keypad', 'electronic', 'written') ELSE i.form <> 'tone' END AS accepted
  FROM purposeItem i
  WHERE i.level IN ('notice', 'express') AND i."at" <= i.lastExposed
),
best AS (
  SELECT outsider, purpose, bool_or(ambiguous) AS maybe, bool_or(NOT ambiguous AND NOT late AND NOT expired AND accepted) AS granted,
    min({defects: late::INTEGER + expired::INTEGER + (NOT accepted)::INTEGER,
      first: CASE WHEN late THEN 'late' WHEN expired THEN 'expired' ELSE 'weaker-form' END,
      "at": "at", kind: kind, id: id, form: form}) FILTER (NOT ambiguous AND (late OR expired OR NOT accepted)) AS item
  FROM timed GROUP BY outsider, purpose
),
doubtful AS (
  SELECT DISTINCT n.outsider, n.purpose
  FROM purposeRefusal n JOIN recordedOutsider u ON u.rowid = n.outsider
  WHERE n.ambiguous AND n."at" <= u.lastExposed
),
reasoned AS (
  SELECT a.outsider, a.purpose, a.level, b.item, x.kind AS refusalKind, x.id AS refusalId, x.saidAt, d.contested,
    CASE
      WHEN a.purpose = 'recording' THEN 'recording-itself'
      WHEN d.doubt IS NOT NULL THEN d.doubt
      WHEN a.level IS NULL THEN 'purpose-unnamed'
      WHEN a.level = 'none' THEN NULL
      WHEN m.outsider IS NOT NULL THEN 'ambiguous-person'
      WHEN x.says IS NOT NULL THEN x.says
      WHEN b.granted THEN NULL
      WHEN b.maybe THEN 'ambiguous-person'
      WHEN b.item IS NULL THEN 'not-granted'
      ELSE b.item.first
    END AS reason
  FROM askedPurpose a
  LEFT JOIN consentDoubt d ON d.outsider = a.outsider
  LEFT JOIN best b ON b.outsider = a.outsider AND b.purpose = a.purpose
  LEFT JOIN (FROM refusedExposure WHERE NOT ambiguous) x ON x.outsider = a.outsider AND x.purpose = a.purpose
  LEFT JOIN doubtful m ON m.outsider = a.outsider AND m.purpose = a.purpose
  WHERE a.serves
),
looked AS (
  SELECT DISTINCT u.rowid AS outsider
  FROM (SELECT DISTINCT outsider FROM reasoned WHERE reason = 'not-granted') r
  JOIN recordedOutsider u ON u.rowid = r.outsider
  JOIN coverageWindow w ON w.kind IN ('consent', 'notice-played') AND w."from" <= u.firstExposed AND u.firstExposed < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, u.queue)) AND (w.sites IS NULL OR list_contains(w.sites, u.site))
)
SELECT u.unit || '|' || r.purpose AS unit, r.* REPLACE (CASE WHEN r.reason = 'not-granted' AND k.outsider IS NULL THEN 'not-covered' ELSE r.reason END AS reason),
  u.recordingId, u.party, u.contactId, u.firstExposed, u.queue, u.packKey, u.person
FROM reasoned r
JOIN recordedOutsider u ON u.rowid = r.outsider
LEFT JOIN looked k ON k.outsider = r.outsider
