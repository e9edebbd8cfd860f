-- What a purge may remove at the run's as-of, from the facts of retention. Reads purgeSetting(due) and neededRecord(kind, id):
-- records that an open finding needs as evidence. Whatever is doubtful stays.
CREATE OR REPLACE TEMP TABLE recordingFate AS
WITH shownLater AS (
  SELECT DISTINCT s.recordingId FROM storedCopy s JOIN recording r ON r.id = s.recordingId WHERE s.seenAt > r.deletedAt
)
SELECT d.recordingId, d.contactId,
  CASE WHEN d.deletedAt IS NOT NULL THEN 'deleted' WHEN len(d.erasures) > 0 THEN 'erasure' ELSE 'term' END AS because,
  CASE WHEN len(d.doubts) > 0 THEN 'doubtful'
    WHEN h.recordingId IS NOT NULL THEN 'held'
    WHEN len(d.requests) > 0 THEN 'request-open'
    WHEN d.keepUntil > run."asOf" THEN 'keep-duty'
    WHEN s.recordingId IS NOT NULL THEN 'still-in-storage'
    WHEN d.deletedAt IS NOT NULL THEN NULL
    WHEN d.decision <> 'delete' THEN 'not-due'
    WHEN (d.uri IS NOT NULL OR len(d.copies) > 0) AND NOT t.due THEN 'deletion-not-reported' END AS stays
FROM retentionDecision d CROSS JOIN run CROSS JOIN purgeSetting t
LEFT JOIN recordingHeld h ON h.recordingId = d.recordingId
LEFT JOIN shownLater s ON s.recordingId = d.recordingId;

-- Persons whose erasure was granted for all purposes, and when they asked.
CREATE OR REPLACE TEMP TABLE erasedPerson AS
SELECT m.person, max(q.receivedAt) AS receivedAt
FROM requestDecided q JOIN requestPerson m ON m.requestId = q.requestId
WHERE q.type = 'erasure' AND q.outcome = 'granted' AND NOT m.doubtful AND (q.purposes IS NULL OR list_contains(q.purposes, '*'))
GROUP BY m.person;

-- Persons and contacts under a hold; a hold that names nothing, or of which no version can be used, holds everything (person and contact NULL).
CREATE OR REPLACE TEMP TABLE heldName AS
WITH current AS (
  SELECT h.* FROM hold h CROSS JOIN run WHERE h."from" <= run."asOf" AND (h.until IS NULL OR run."asOf" < h.until)
),
subject AS (
  SELECT id, "from", unnest(subjects) AS name FROM current
)
SELECT n.person, NULL::VARCHAR AS contactId FROM subject s JOIN namedPerson n ON n.name = s.name AND n."at" = s."from"
UNION SELECT NULL, unnest(contactIds) FROM current
UNION SELECT NULL, NULL FROM current WHERE contactIds IS NULL AND recordingIds IS NULL AND subjects IS NULL
UNION SELECT NULL, NULL FROM conflict WHERE kind = 'hold';

CREATE OR REPLACE TEMP TABLE neededContact AS
SELECT id AS contactId FROM neededRecord WHERE kind = 'contact'
UNION SELECT r.contactId FROM recording r SEMI JOIN neededRecord n ON n.kind = 'recording' AND n.id = r.id
UNION SELECT r.contactId FROM transcript r SEMI JOIN neededRecord n ON n.kind = 'transcript' AND n.id = r.id
UNION SELECT r.contactId FROM event r SEMI JOIN neededRecord n ON n.kind = 'event' AND n.id = r.id
UNION SELECT r.contactId FROM consent r SEMI JOIN neededRecord n ON n.kind = 'consent' AND n.id = r.id
UNION SELECT r.contactId FROM decision r SEMI JOIN neededRecord n ON n.kind = 'decision' AND n.id = r.id
UNION SELECT t.contactId FROM accessTarget t SEMI JOIN neededRecord n ON n.kind = 'access' AND n.id = t.accessId
UNION SELECT c.contactId FROM recordingCopy c JOIN storedObject o ON o.uri = c.uri SEMI JOIN neededRecord n ON n.kind = 'storedObject' AND n.id = o.id;

CREATE OR REPLACE TEMP TABLE contactFate AS
WITH recorded AS (
  SELECT contactId, min(stays) AS stays, min(because) AS because FROM recordingFate GROUP BY contactId
),
outsider AS (
  SELECT c.contactId, bool_and(NOT c.doubtful AND e.person IS NOT NULL AND o.startedAt < e.receivedAt) AS erased, bool_or(h.person IS NOT NULL) AS held
  FROM contactPerson c JOIN contact o ON o.id = c.contactId LEFT JOIN erasedPerson e ON e.person = c.person
  LEFT JOIN (SELECT DISTINCT person FROM heldName WHERE person IS NOT NULL) h ON h.person = c.person
  GROUP BY c.contactId
),
asked AS (
  SELECT DISTINCT contactId FROM recordingRequest
)
SELECT c.contactId, c.chain, coalesce(r.because, 'erasure') AS because,
  CASE WHEN r.stays IS NOT NULL THEN r.stays
    WHEN coalesce(p.held, false) OR h.contactId IS NOT NULL OR (SELECT count(*) FROM heldName WHERE person IS NULL AND contactId IS NULL) > 0 THEN 'held'
    WHEN n.contactId IS NOT NULL THEN 'evidence-needed'
    WHEN q.contactId IS NOT NULL THEN 'request-open'
    WHEN r.contactId IS NULL AND NOT coalesce(p.erased, false) THEN 'not-due' END AS stays
FROM chain c
LEFT JOIN recorded r ON r.contactId = c.contactId
LEFT JOIN outsider p ON p.contactId = c.contactId
LEFT JOIN (SELECT DISTINCT contactId FROM heldName WHERE contactId IS NOT NULL) h ON h.contactId = c.contactId
LEFT JOIN (SELECT DISTINCT contactId FROM neededContact) n ON n.contactId = c.contactId
LEFT JOIN asked q ON q.contactId = c.contactId;

-- Notices, consent and steps carry along a chain of contacts, so a chain goes whole or not at all.
CREATE OR REPLACE TEMP TABLE purgedContact AS
SELECT contactId AS id, because FROM contactFate SEMI JOIN (SELECT chain FROM contactFate GROUP BY chain HAVING count(stays) = 0) USING (chain);

CREATE OR REPLACE TEMP TABLE purgedRecording AS
SELECT r.id, f.because FROM recording r JOIN purgedContact c ON c.id = r.contactId JOIN (SELECT recordingId, min(because) AS because FROM recordingFate GROUP BY recordingId) f ON f.recordingId = r.id;

-- An object that also holds a recording which stays is not purged.
CREATE OR REPLACE TEMP TABLE purgedObject AS
SELECT c.uri, min(r.because) AS because FROM recordingCopy c JOIN purgedRecording r ON r.id = c.recordingId
GROUP BY c.uri HAVING c.uri NOT IN (SELECT uri FROM recordingCopy ANTI JOIN purgedRecording p ON p.id = recordingId);

-- Erased persons of whom nothing else is left: their names and standing consents go too. Their requests stay: they are the proof.
CREATE OR REPLACE TEMP TABLE purgedPerson AS
SELECT e.person FROM erasedPerson e
WHERE e.person NOT IN (SELECT person FROM contactPerson ANTI JOIN purgedContact p ON p.id = contactId)
  AND e.person NOT IN (SELECT person FROM heldName WHERE person IS NOT NULL) AND NOT EXISTS (FROM heldName WHERE person IS NULL AND contactId IS NULL)
  AND e.person NOT IN (SELECT m.person FROM requestDecided q JOIN requestPerson m ON m.requestId = q.requestId
    WHERE q.completedAt IS NULL AND q.outcome IS NULL OR q.type = 'restriction' AND q.liftedAt IS NULL AND q.outcome IS DISTINCT FROM 'refused');

CREATE OR REPLACE TEMP TABLE purgedSubject AS
SELECT person AS name FROM purgedPerson UNION SELECT name FROM personName SEMI JOIN purgedPerson USING (person);

CREATE OR REPLACE TEMP TABLE doomed AS
SELECT 'contact' AS kind, id, because FROM purgedContact
UNION SELECT 'recording', id, because FROM purgedRecording
UNION SELECT 'transcript', r.id, c.because FROM transcript r JOIN purgedContact c ON c.id = r.contactId
UNION SELECT 'event', r.id, c.because FROM event r JOIN purgedContact c ON c.id = r.contactId
UNION SELECT 'consent', r.id, c.because FROM consent r JOIN purgedContact c ON c.id = r.contactId
UNION SELECT 'decision', r.id, c.because FROM decision r JOIN purgedContact c ON c.id = r.contactId
UNION SELECT 'access', r.id, c.because FROM access r JOIN accessTarget t ON t.accessId = r.id JOIN purgedContact c ON c.id = t.contactId
UNION SELECT 'storedObject', r.id, o.because FROM storedObject r JOIN purgedObject o ON o.uri = r.uri
UNION SELECT 'consent', r.id, 'erasure' FROM consent r SEMI JOIN purgedSubject s ON s.name = r.subject WHERE r.contactId IS NULL AND r.id NOT IN (SELECT id FROM neededRecord WHERE kind = 'consent')
UNION SELECT 'identity', r.id, 'erasure' FROM identity r SEMI JOIN purgedSubject s ON s.name = r.subject
