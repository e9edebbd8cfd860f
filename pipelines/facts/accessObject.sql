-- Each different object that the log names (recordingId, contactId and uri as written), resolved to a recording and its contact,
-- which must agree. A contact alone stands for its recording where it has exactly one. `problem` says why it cannot be judged;
-- an object that no record knows is no problem: it is judged, and nothing will explain it. Its rowid is what other facts call
-- object; aim is one number for each target. contactStartedAt and contactEndedAt: the contact's span.
WITH written AS (
  SELECT recordingId, contactId, uri FROM access GROUP BY ALL
),
place AS (
  SELECT uri, id AS recordingId, contactId FROM recording WHERE uri IS NOT NULL
  UNION
  SELECT unnest(copies), id, contactId FROM recording WHERE copies IS NOT NULL
),
-- Where recordings of which no version can be used may lie.
disputed AS (
  SELECT DISTINCT unnest(list_append(coalesce(s.copies, []), s.uri)) AS uri FROM stored_recording s JOIN conflict x ON x.kind = 'recording' AND x.id = s.id
),
-- Only what is asked for by its place.
asked AS (
  SELECT p.* FROM place p SEMI JOIN (SELECT DISTINCT uri FROM written WHERE uri IS NOT NULL) w ON w.uri = p.uri
),
placed AS (
  SELECT uri, CASE WHEN count(*) = 1 THEN min(recordingId) END AS recordingId,
    CASE WHEN min(contactId) = max(contactId) THEN min(contactId) END AS contactId
  FROM asked GROUP BY uri
),
-- The few objects that hold several recordings.
shared AS (
  SELECT uri, list(recordingId) AS recordingIds FROM asked SEMI JOIN (FROM placed WHERE recordingId IS NULL) USING (uri) GROUP BY uri
),
sole AS (
  SELECT r.contactId, min(r.id) AS recordingId
  FROM recording r SEMI JOIN (SELECT contactId FROM written WHERE recordingId IS NULL AND uri IS NULL) w ON w.contactId = r.contactId
  GROUP BY r.contactId HAVING count(*) = 1
),
-- Two branches and no one-sided join condition: where a log always names recordings, DuckDB would fold such a condition
-- to "never" and compare every object with every recording.
named AS (
  SELECT w.*, NULL::VARCHAR AS soleId FROM written w WHERE w.recordingId IS NOT NULL OR w.uri IS NOT NULL
  UNION ALL
  SELECT w.*, s.recordingId FROM written w LEFT JOIN sole s ON s.contactId = w.contactId WHERE w.recordingId IS NULL AND w.uri IS NULL
),
resolved AS (
  SELECT a.recordingId AS writtenRecording, a.contactId AS writtenContact, a.uri,
    coalesce(a.recordingId, p.recordingId, a.soleId) AS recordingId,
    coalesce(r.contactId, p.contactId, a.contactId) AS contactId,
    r.id IS NOT NULL OR p.uri IS NOT NULL OR a.soleId IS NOT NULL AS recordingKnown,
    coalesce(a.contactId <> r.contactId OR a.contactId <> p.contactId
      OR a.recordingId <> p.recordingId OR a.recordingId IS NOT NULL AND NOT list_contains(m.recordingIds, a.recordingId), false) AS disagrees
  FROM named a
  LEFT JOIN recording r ON r.id = a.recordingId
  LEFT JOIN placed p ON p.uri = a.uri
  LEFT JOIN shared m ON m.uri = a.uri
),
numbered AS MATERIALIZED (
  SELECT t.writtenRecording, t.writtenContact, t.uri, t.recordingId, t.contactId, coalesce(t.recordingId, t.contactId, t.uri) AS target,
    CASE WHEN t.disagrees THEN 'target-disagrees'
      WHEN xr.id IS NOT NULL OR xc.id IS NOT NULL OR d.uri IS NOT NULL THEN 'conflicting-records'
      WHEN t.recordingKnown AND c.id IS NULL THEN 'contact-unknown' END AS problem,
    c.id IS NOT NULL AS contactKnown, c.startedAt AS contactStartedAt, c.endedAt AS contactEndedAt, (row_number() OVER ())::INTEGER AS number
  FROM resolved t
  LEFT JOIN contact c ON c.id = t.contactId
  LEFT JOIN conflict xr ON xr.kind = 'recording' AND xr.id = t.recordingId
  LEFT JOIN conflict xc ON xc.kind = 'contact' AND xc.id = t.contactId
  LEFT JOIN disputed d ON d.uri = t.uri
),
several AS (
  SELECT target, min(number) AS number FROM numbered GROUP BY target HAVING count(*) > 1
)
SELECT n.* EXCLUDE (number), coalesce(s.number, n.number) AS aim FROM numbered n LEFT JOIN several s ON s.target = n.target
