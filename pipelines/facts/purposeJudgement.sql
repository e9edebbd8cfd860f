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
  SELECT outsider, purpose, bool_or(ambiguous) AS maybe, bool_or(NOT ambiguous AND NOT late AND NOT expired AND accepted) AS granted
  FROM timed GROUP BY outsider, purpose
),
lacking AS (
  SELECT outsider, purpose,
    min({defects: late::INTEGER + expired::INTEGER + (NOT accepted)::INTEGER,
      first: CASE WHEN late THEN 'late' WHEN expired THEN 'expired' ELSE 'weaker-form' END,
      "at": "at", kind: kind, id: id, form: form}) AS item
  FROM timed WHERE NOT ambiguous AND (late OR expired OR NOT accepted) GROUP BY outsider, purpose
),
doubtful AS (
  SELECT DISTINCT n.outsider, n.purpose
  FROM purposeRefusal n JOIN recordedOutsider u ON u.rowid = n.outsider
  WHERE n.ambiguous AND n."at" <= u.lastExposed
),
reasoned AS (
  SELECT a.outsider, a.purpose, a.level, i.item, x.kind AS refusalKind, x.id AS refusalId, x.saidAt, d.contested,
    CASE
      WHEN a.purpose = 'recording' THEN 'recording-itself'
      WHEN d.doubt IS NOT NULL THEN d.doubt
      WHEN a.level IS NULL THEN 'purpose-unnamed'
      WHEN a.level = 'none' THEN NULL
      WHEN m.outsider IS NOT NULL THEN 'ambiguous-person'
      WHEN x.says IS NOT NULL THEN x.says
      WHEN b.granted THEN NULL
      WHEN b.maybe THEN 'ambiguous-person'
      WHEN i.item IS NULL THEN 'not-granted'
      ELSE i.item.first
    END AS reason
  FROM askedPurpose a
  LEFT JOIN consentDoubt d ON d.outsider = a.outsider
  LEFT JOIN best b ON b.outsider = a.outsider AND b.purpose = a.purpose
  LEFT JOIN lacking i ON i.outsider = a.outsider AND i.purpose = a.purpose
  LEFT JOIN (FROM refusedExposure WHERE NOT ambiguous) x ON x.outsider = a.outsider AND x.purpose = a.purpose
  LEFT JOIN doubtful m ON m.outsider = a.outsider AND m.purpose = a.purpose
  WHERE a.serves
),
-- Few: they are found before the windows are asked.
ungranted AS MATERIALIZED (
  SELECT u.rowid AS outsider, u.firstExposed, u.queue, u.site
  FROM recordedOutsider u SEMI JOIN (FROM reasoned WHERE reason = 'not-granted') r ON r.outsider = u.rowid
),
-- Grants are known, but a no ended or overrules all of them.
overruled AS (
  SELECT i.outsider, n.purpose, list_sort(list(DISTINCT {kind: i.kind, id: i.id})) AS items, list_sort(list(DISTINCT {kind: n.kind, id: n.id})) AS noes
  FROM consentItem i SEMI JOIN ungranted USING (outsider)
  JOIN purposeRefusal n ON n.outsider = i.outsider AND n."at" <= i.lastExposed
  WHERE i."at" <= i.lastExposed AND (list_contains(i.purposes, n.purpose) OR list_contains(i.purposes, '*'))
  GROUP BY i.outsider, n.purpose
),
looked AS (
  SELECT DISTINCT u.outsider
  FROM ungranted u JOIN coverageWindow w ON w.kind IN ('consent', 'notice-played') AND w."from" <= u.firstExposed AND u.firstExposed < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, u.queue)) AND (w.sites IS NULL OR list_contains(w.sites, u.site))
)
SELECT r.outsider, r.purpose, r.level,
  CASE WHEN r.reason = 'not-granted' AND k.outsider IS NULL THEN 'not-covered' WHEN r.reason = 'not-granted' AND o.outsider IS NOT NULL THEN 'overruled' ELSE r.reason END AS reason,
  -- What only findings show.
  CASE WHEN r.reason IS NOT NULL AND r.reason <> 'recording-itself' THEN [{item: r.item, refusalKind: r.refusalKind, refusalId: r.refusalId, saidAt: r.saidAt, contested: r.contested,
    overruled: o.items, noes: o.noes}] END AS shown
FROM reasoned r
LEFT JOIN looked k ON k.outsider = r.outsider
LEFT JOIN overruled o ON o.outsider = r.outsider AND o.purpose = r.purpose
