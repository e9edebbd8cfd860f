-- What a recorded outsider had granted of each purpose that the recording serves, by the time that they were captured:
-- `notice` is satisfied by notice or consent in any form but a tone, `express` by consent of their own; timing as for recording itself.
WITH timed AS (
  SELECT i.recordingId, i.party, i.purpose, i.ambiguous, i."at", i.kind, i.id, i.form, i.expired,
    CASE a.level WHEN 'express' THEN i.afterwards ELSE i.late END AS late,
    i.stands AND CASE a.level WHEN 'express' THEN i.form IN ('verbal', 'keypad', 'electronic', 'written') ELSE i.form <> 'tone' END AS accepted
  FROM purposeItem i
  JOIN askedPurpose a ON a.recordingId = i.recordingId AND a.party = i.party AND a.purpose = i.purpose
  WHERE a.serves AND a.level IN ('notice', 'express') AND i."at" <= i.lastExposed
),
item AS (
  SELECT recordingId, party, purpose, ambiguous,
    {defects: late::INTEGER + expired::INTEGER + (NOT accepted)::INTEGER,
      first: CASE WHEN late THEN 'late' WHEN expired THEN 'expired' WHEN NOT accepted THEN 'weaker-form' END,
      "at": "at", kind: kind, id: id, form: form} AS item
  FROM timed
),
best AS (
  SELECT recordingId, party, purpose, min(item) FILTER (NOT ambiguous) AS item, bool_or(ambiguous) AS maybe
  FROM item GROUP BY recordingId, party, purpose
),
doubtful AS (
  SELECT DISTINCT n.recordingId, n.party, n.purpose
  FROM purposeRefusal n JOIN recordedOutsider u ON u.recordingId = n.recordingId AND u.party = n.party
  WHERE n.ambiguous AND n."at" <= u.lastExposed
),
reasoned AS (
  SELECT u.unit || '|' || a.purpose AS unit, u.recordingId, u.party, u.contactId, u.firstExposed, u.lastExposed, u.queue, u.site, u.packKey, u.person,
    a.purpose, a.level, b.item, x.kind AS refusalKind, x.id AS refusalId, x.saidAt, d.contested,
    CASE
      WHEN a.purpose = 'recording' THEN 'recording-itself'
      WHEN d.doubt IS NOT NULL THEN d.doubt
      WHEN a.level IS NULL THEN 'purpose-unnamed'
      WHEN a.level = 'none' THEN NULL
      WHEN m.recordingId IS NOT NULL THEN 'ambiguous-person'
      WHEN x.says IS NOT NULL THEN x.says
      WHEN b.item.defects = 0 THEN NULL
      WHEN b.maybe THEN 'ambiguous-person'
      WHEN b.item IS NULL THEN 'not-granted'
      ELSE b.item.first
    END AS reason
  FROM askedPurpose a
  JOIN recordedOutsider u ON u.recordingId = a.recordingId AND u.party = a.party
  LEFT JOIN consentDoubt d ON d.recordingId = a.recordingId AND d.party = a.party
  LEFT JOIN best b ON b.recordingId = a.recordingId AND b.party = a.party AND b.purpose = a.purpose
  LEFT JOIN refusedExposure x ON x.recordingId = a.recordingId AND x.party = a.party AND x.purpose = a.purpose AND NOT x.ambiguous
  LEFT JOIN doubtful m ON m.recordingId = a.recordingId AND m.party = a.party AND m.purpose = a.purpose
  WHERE a.serves
),
looked AS (
  SELECT DISTINCT r.unit
  FROM reasoned r JOIN coverageWindow w ON w.kind IN ('consent', 'notice-played') AND w."from" <= r.firstExposed AND r.firstExposed < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, r.queue)) AND (w.sites IS NULL OR list_contains(w.sites, r.site))
  WHERE r.reason = 'not-granted'
)
SELECT r.* REPLACE (CASE WHEN r.reason = 'not-granted' AND k.unit IS NULL THEN 'not-covered' ELSE r.reason END AS reason)
FROM reasoned r LEFT JOIN looked k ON k.unit = r.unit
