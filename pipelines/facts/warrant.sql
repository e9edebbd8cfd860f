-- Grants and assignments as warrants to open something: one row for each holder and each value of the scope
-- that selects best (recordings, else contacts, else customers, else queues, else everything). The other scope
-- fields are conjunctive and stay beside it. A holder's name is whoever had it when the warrant was made, or whoever had it
-- next where nobody had it then: warrants are made before people come. An assigner is resolved as names stood when it was made; `weakness`
-- says why an assignment does not explain (self: made by its own holder; nobody: by nobody). `disputed`: one of several versions
-- that contradict one another, none of which counts, so that what would turn on it is doubtful.
WITH made AS (
  SELECT 'grant' AS kind, id, principal AS holder, actions, "from", until, createdAt, NULL::VARCHAR AS reason, NULL::VARCHAR AS assignedBy,
    purposes, recordingIds, contactIds, subjects, queues, coalesce(breakGlass, false) AS breakGlass, false AS disputed
  FROM "grant"
  UNION ALL
  SELECT 'assignment', id, staff, NULL, "from", until, createdAt, reason, assignedBy,
    purposes, recordingIds, contactIds, subjects, NULL, false, false
  FROM assignment
  UNION ALL
  SELECT 'grant', s.id, principal, actions, "from", until, createdAt, NULL, NULL, purposes, recordingIds, contactIds, subjects, queues, coalesce(breakGlass, false), true
  FROM stored_grant s JOIN conflict x ON x.kind = 'grant' AND x.id = s.id
  UNION ALL
  SELECT 'assignment', s.id, staff, NULL, "from", until, createdAt, s.reason, assignedBy, purposes, recordingIds, s.contactIds, subjects, NULL, false, true
  FROM stored_assignment s JOIN conflict x ON x.kind = 'assignment' AND x.id = s.id
),
subjectName AS (
  SELECT kind, id, "from", unnest(subjects) AS name FROM made
),
subjectOf AS (
  SELECT s.kind, s.id, list_sort(list(DISTINCT n.person)) AS persons, bool_or(n.doubtful) AS doubtful
  FROM subjectName s JOIN namedPerson n ON n.name = s.name AND n."at" = s."from"
  GROUP BY s.kind, s.id
),
holderName AS (
  SELECT name, candidates, ambiguous, coalesce(lag(until) OVER (PARTITION BY name ORDER BY "from"), '-infinity'::TIMESTAMP) AS since, until FROM staffNamePeriod
),
resolved AS (
  SELECT m.*, unnest(coalesce(n.candidates, [m.holder])) AS holderId, coalesce(n.ambiguous, false) AS doubtfulHolder,
    b.staff AS assigner, CASE WHEN b.ambiguous THEN b.candidates END AS assigners
  FROM made m
  LEFT JOIN holderName n ON n.name = m.holder AND n.since <= m.createdAt AND m.createdAt < n.until
  LEFT JOIN staffNamePeriod b ON b.name = m.assignedBy AND b."from" <= m.createdAt AND m.createdAt < b.until
),
held AS (
  SELECT *, CASE WHEN kind = 'grant' THEN NULL
      WHEN assignedBy IS NULL THEN 'nobody'
      WHEN assignedBy = holderId OR assigner = holderId THEN 'self' END AS weakness,
    coalesce(list_contains(assigners, holderId), false) AS doubtfulAssigner
  FROM resolved
),
keyed AS (
  SELECT *, CASE WHEN recordingIds IS NOT NULL THEN 'recording' WHEN contactIds IS NOT NULL THEN 'contact'
    WHEN subjects IS NOT NULL THEN 'person' WHEN queues IS NOT NULL THEN 'queue' ELSE 'all' END AS scope
  FROM held
),
spread AS (
  SELECT k.*, s.persons, coalesce(s.doubtful, false) AS doubtfulSubject,
    unnest(CASE k.scope WHEN 'recording' THEN list_distinct(k.recordingIds) WHEN 'contact' THEN list_distinct(k.contactIds)
      WHEN 'person' THEN s.persons WHEN 'queue' THEN list_distinct(k.queues) ELSE [''] END) AS "key"
  FROM keyed k LEFT JOIN subjectOf s ON s.kind = k.kind AND s.id = k.id
)
SELECT kind, id, holderId AS holder, scope, "key", actions, "from", until, createdAt, reason, weakness,
  purposes, contactIds, persons, queues, breakGlass, doubtfulHolder OR doubtfulSubject OR disputed AS doubtful, doubtfulAssigner, disputed
FROM spread
ORDER BY kind, id, holder, "key"
