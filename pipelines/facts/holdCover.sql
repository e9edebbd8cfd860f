-- Which hold covers which recording: by its id, by its contact, or by a customer or third party on the contact, as names
-- stood when the hold began. A hold that names nothing covers everything. `doubt`: a name of several people, or versions
-- of the hold, or of an identity, that contradict one another (each of them covers, in doubt).
WITH version AS (
  SELECT id, contactIds, recordingIds, subjects, "from", until, createdAt, NULL::VARCHAR AS doubt FROM hold
  UNION ALL
  SELECT s.id, s.contactIds, s.recordingIds, s.subjects, s."from", s.until, s.createdAt, 'conflicting-records'
  FROM stored_hold s JOIN conflict x ON x.kind = 'hold' AND x.id = s.id CROSS JOIN run
  WHERE s.createdAt <= run."asOf"
),
listed AS (
  SELECT v.*, unnest(v.recordingIds) AS recordingId, NULL AS contactId FROM version v
  UNION ALL
  SELECT v.*, NULL, unnest(v.contactIds) FROM version v
),
subject AS (
  SELECT v.*, unnest(v.subjects) AS name FROM version v
),
person AS (
  SELECT s.* EXCLUDE (doubt), coalesce(n.person, s.name) AS person,
    CASE WHEN count(DISTINCT n.person) OVER (PARTITION BY s.id, s.name, s."from", s.doubt) > 1 THEN coalesce(s.doubt, 'ambiguous-person') ELSE s.doubt END AS doubt
  FROM subject s
  LEFT JOIN personName n ON n.name = s.name AND (n."from" IS NULL OR n."from" <= s."from") AND (n.until IS NULL OR s."from" < n.until)
),
cover AS (
  SELECT r.id AS recordingId, l.id AS holdId, l."from", l.until, l.createdAt, l.doubt
  FROM listed l JOIN recording r ON r.id = l.recordingId
  UNION ALL
  SELECT r.id, l.id, l."from", l.until, l.createdAt, l.doubt
  FROM listed l JOIN recording r ON r.contactId = l.contactId
  UNION ALL
  SELECT r.id, p.id, p."from", p.until, p.createdAt, CASE WHEN c.doubtful THEN coalesce(p.doubt, 'ambiguous-person') ELSE p.doubt END
  FROM person p JOIN contactPerson c ON c.person = p.person JOIN recording r ON r.contactId = c.contactId
  UNION ALL
  -- The very name that the contact has, though it was nobody's when the hold began: a number that was given up, say.
  SELECT r.id, p.id, p."from", p.until, p.createdAt, coalesce(p.doubt, 'ambiguous-person')
  FROM person p JOIN contactPerson c ON c.party = p.name AND c.person <> p.person JOIN recording r ON r.contactId = c.contactId
  WHERE p.person = p.name
  UNION ALL
  SELECT r.id, s.id, s."from", s.until, s.createdAt, 'conflicting-records'
  FROM subject s JOIN doubtfulName d ON d.name = s.name JOIN doubtfulName o ON o.subject = d.subject
  JOIN (SELECT contactId, party AS name FROM contactPerson UNION SELECT contactId, person FROM contactPerson) c ON c.name = o.name
  JOIN recording r ON r.contactId = c.contactId
  UNION ALL
  SELECT r.id, v.id, v."from", v.until, v.createdAt, v.doubt
  FROM version v CROSS JOIN recording r
  WHERE v.recordingIds IS NULL AND v.contactIds IS NULL AND v.subjects IS NULL
)
SELECT recordingId, holdId, "from", until, createdAt, CASE WHEN bool_or(doubt IS NULL) THEN NULL ELSE min(doubt) END AS doubt
FROM cover GROUP BY recordingId, holdId, "from", until, createdAt
