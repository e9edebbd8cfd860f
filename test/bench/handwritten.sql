-- What a good engineer would write by hand for these very files: typed reading, no validation, no store, no proof.
-- :folder is the estate, :asOf the time of the audit. Each table of answers has (question, id).
SET TimeZone = 'UTC';
SET preserve_insertion_order = false;

CREATE TEMP TABLE contactLine AS SELECT * FROM read_json(:folder || '/contacts/*.ndjson', format = 'newline_delimited', columns = {
  kind: 'VARCHAR', id: 'VARCHAR', contactId: 'VARCHAR', startedAt: 'TIMESTAMPTZ', endedAt: 'TIMESTAMPTZ', queue: 'VARCHAR', site: 'VARCHAR', channel: 'VARCHAR', previousContactId: 'VARCHAR', medium: 'VARCHAR',
  uri: 'VARCHAR', sha256: 'VARCHAR', purposes: 'VARCHAR[]', deleteBy: 'TIMESTAMPTZ', deletedAt: 'TIMESTAMPTZ', recordedAt: 'TIMESTAMPTZ',
  parties: 'STRUCT(id VARCHAR, role VARCHAR, jurisdiction VARCHAR, joinedAt TIMESTAMPTZ, leftAt TIMESTAMPTZ)[]'});
CREATE TEMP TABLE contact AS SELECT * FROM contactLine WHERE kind = 'contact' QUALIFY row_number() OVER (PARTITION BY id ORDER BY recordedAt DESC NULLS LAST) = 1;
CREATE TEMP TABLE recording AS SELECT * FROM contactLine WHERE kind = 'recording' QUALIFY row_number() OVER (PARTITION BY id ORDER BY recordedAt DESC NULLS LAST) = 1;
DROP TABLE contactLine;

CREATE TEMP TABLE consentLine AS SELECT DISTINCT * FROM read_json(:folder || '/consent/*.ndjson', format = 'newline_delimited', columns = {
  kind: 'VARCHAR', id: 'VARCHAR', contactId: 'VARCHAR', subject: 'VARCHAR', status: 'VARCHAR', "at": 'TIMESTAMPTZ', until: 'TIMESTAMPTZ', expiresAt: 'TIMESTAMPTZ', purposes: 'VARCHAR[]', form: 'VARCHAR', type: 'VARCHAR', noticeId: 'VARCHAR', noticeVersion: 'VARCHAR'});
CREATE TEMP TABLE consent AS SELECT * FROM consentLine WHERE kind = 'consent';
CREATE TEMP TABLE event AS SELECT * FROM consentLine WHERE kind = 'event';
DROP TABLE consentLine;

CREATE TEMP TABLE access AS SELECT DISTINCT * FROM read_json([:folder || '/access-log/*.ndjson', :folder || '/desktop-log/*.ndjson'], format = 'newline_delimited', columns = {
  kind: 'VARCHAR', id: 'VARCHAR', "at": 'TIMESTAMPTZ', actor: 'STRUCT(id VARCHAR, "type" VARCHAR)', action: 'VARCHAR', recordingId: 'VARCHAR', contactId: 'VARCHAR', outcome: 'VARCHAR', ip: 'VARCHAR', purpose: 'VARCHAR'});
CREATE TEMP TABLE storageAccess AS SELECT * FROM read_json(:folder || '/storage-log/*.ndjson', format = 'newline_delimited', columns = {id: 'VARCHAR', "at": 'TIMESTAMPTZ', actor: 'STRUCT(id VARCHAR, "type" VARCHAR)', action: 'VARCHAR', uri: 'VARCHAR'});
CREATE TEMP TABLE decision AS SELECT DISTINCT * FROM read_json(:folder || '/decisions/*.ndjson', format = 'newline_delimited', columns = {
  kind: 'VARCHAR', id: 'VARCHAR', contactId: 'VARCHAR', "at": 'TIMESTAMPTZ', staff: 'VARCHAR', subject: 'VARCHAR', policy: 'VARCHAR', policyVersion: 'VARCHAR', outcome: 'VARCHAR', amount: 'DOUBLE', currency: 'VARCHAR',
  facts: 'STRUCT(reason VARCHAR, daysSincePurchase BIGINT)', approvals: 'STRUCT("by" VARCHAR, "at" TIMESTAMPTZ)[]'});
CREATE TEMP TABLE identity AS SELECT DISTINCT * FROM read_json(:folder || '/identities/*.ndjson', format = 'newline_delimited', columns = {subject: 'VARCHAR', aliases: 'VARCHAR[]'});
CREATE TEMP TABLE storedObject AS SELECT * FROM read_json(:folder || '/inventory/*.ndjson', format = 'newline_delimited', columns = {uri: 'VARCHAR', versionId: 'VARCHAR', seenAt: 'TIMESTAMPTZ', bytes: 'BIGINT', sha256: 'VARCHAR', encrypted: 'BOOLEAN', publiclyReadable: 'BOOLEAN'});
CREATE TEMP TABLE caseLine AS SELECT * FROM read_json(:folder || '/cases/*.ndjson', format = 'newline_delimited', columns = {
  kind: 'VARCHAR', id: 'VARCHAR', subject: 'VARCHAR', type: 'VARCHAR', receivedAt: 'TIMESTAMPTZ', completedAt: 'TIMESTAMPTZ', outcome: 'VARCHAR', "from": 'TIMESTAMPTZ', until: 'TIMESTAMPTZ', createdAt: 'TIMESTAMPTZ', recordingIds: 'VARCHAR[]', contactIds: 'VARCHAR[]', subjects: 'VARCHAR[]'});
CREATE TEMP TABLE workforce AS SELECT * FROM read_json(:folder || '/workforce/*.ndjson', format = 'newline_delimited', columns = {
  kind: 'VARCHAR', id: 'VARCHAR', aliases: 'JSON[]', employedFrom: 'TIMESTAMPTZ', employedUntil: 'TIMESTAMPTZ', roles: 'STRUCT("role" VARCHAR, "from" TIMESTAMPTZ, until TIMESTAMPTZ, team VARCHAR, supervisor VARCHAR)[]',
  staff: 'VARCHAR', reason: 'VARCHAR', "from": 'TIMESTAMPTZ', until: 'TIMESTAMPTZ', createdAt: 'TIMESTAMPTZ', assignedBy: 'VARCHAR', principal: 'VARCHAR', actions: 'VARCHAR[]', contactIds: 'VARCHAR[]', recordingIds: 'VARCHAR[]', subjects: 'VARCHAR[]', recordedAt: 'TIMESTAMPTZ'});
CREATE TEMP TABLE staff AS SELECT * FROM workforce WHERE kind = 'staff' QUALIFY row_number() OVER (PARTITION BY id ORDER BY recordedAt DESC NULLS LAST) = 1;
CREATE TEMP TABLE staffName AS SELECT id AS name, id FROM staff UNION ALL SELECT CASE json_type(a) WHEN 'VARCHAR' THEN a->>'$' ELSE a->>'alias' END, id FROM (SELECT id, unnest(aliases) AS a FROM staff);
CREATE TEMP TABLE staffRole AS SELECT id, r."role" AS "role", r."from" AS "from", r.until AS until, r.team AS team, r.supervisor AS supervisor FROM (SELECT id, unnest(roles) AS r FROM staff);
CREATE TEMP TABLE party AS SELECT id AS contactId, startedAt, endedAt, queue, p.id AS party, p."role" AS "role", p.jurisdiction AS jurisdiction, coalesce(p.joinedAt, startedAt) AS joinedAt, coalesce(p.leftAt, endedAt) AS leftAt
  FROM (SELECT id, startedAt, endedAt, queue, unnest(parties) AS p FROM contact);
CREATE TEMP TABLE exposed AS SELECT r.id AS recordingId, r.contactId, r.medium, r.startedAt, r.endedAt, p.party, p.jurisdiction, greatest(r.startedAt, p.joinedAt) AS firstAt, least(coalesce(r.endedAt, p.endedAt), p.leftAt) AS lastAt
  FROM recording r JOIN party p ON p.contactId = r.contactId AND p."role" IN ('customer', 'thirdParty', 'third-party') WHERE r.medium <> 'screen' AND greatest(r.startedAt, p.joinedAt) < least(coalesce(r.endedAt, p.endedAt), p.leftAt);
CREATE TEMP TABLE act AS SELECT a.id, a.at, a.action, a.recordingId, coalesce(a.contactId, r.contactId) AS contactId, n.id AS staff, a.actor, a.purpose
  FROM access a LEFT JOIN staffName n ON n.name = a.actor.id LEFT JOIN recording r ON r.id = a.recordingId WHERE a.outcome = 'success' AND a.action <> 'list';

CREATE TEMP TABLE answer (question VARCHAR, id VARCHAR);
-- consent
CREATE TEMP TABLE no AS SELECT contactId, subject, "at" FROM consent WHERE status IN ('refused', 'withdrawn') UNION ALL SELECT contactId, NULL, "at" FROM event WHERE type = 'objection';
CREATE TEMP TABLE evidence AS SELECT contactId, NULL AS subject, "at", until, CASE type WHEN 'tone-played' THEN 'tone' ELSE 'announcement' END AS form, NULL::TIMESTAMPTZ AS expiresAt FROM event WHERE type IN ('notice-played', 'tone-played')
  UNION ALL SELECT contactId, subject, "at", NULL, form, expiresAt FROM consent WHERE status = 'given';
INSERT INTO answer SELECT 'recorded after refusal', e.recordingId || '|' || e.party FROM exposed e JOIN no n ON n.contactId = e.contactId AND (n.subject IS NULL OR n.subject = e.party) AND n.at <= e.firstAt
  AND NOT EXISTS (SELECT 1 FROM consent c WHERE c.status = 'given' AND c.contactId = e.contactId AND c.subject = e.party AND c.at > n.at AND c.at <= e.firstAt);
INSERT INTO answer SELECT 'continued after withdrawal', e.recordingId || '|' || e.party FROM exposed e JOIN no n ON n.contactId = e.contactId AND (n.subject IS NULL OR n.subject = e.party) AND n.at > e.firstAt AND n.at + INTERVAL 30 SECONDS < e.lastAt;
CREATE TEMP TABLE known AS SELECT e.recordingId, e.party, min(v."at") AS firstEvidence, bool_or(v."at" <= e.firstAt + INTERVAL 17 SECONDS AND (v.expiresAt IS NULL OR v.expiresAt > e.firstAt) AND v.form <> 'tone') AS good, bool_or(v.expiresAt <= e.firstAt) AS expired
  FROM exposed e JOIN evidence v ON v.contactId = e.contactId WHERE (v.subject IS NULL OR v.subject = e.party) AND v."at" <= e.lastAt GROUP BY ALL;
CREATE TEMP TABLE best AS SELECT e.recordingId, e.party, e.firstAt, k.firstEvidence, k.good, k.expired FROM exposed e LEFT JOIN known k ON k.recordingId = e.recordingId AND k.party = e.party WHERE e.medium <> 'text';
CREATE TEMP TABLE standing AS SELECT subject, min("at") AS "at", max(expiresAt) AS expiresAt FROM consent WHERE status = 'given' AND contactId IS NULL AND form IN ('electronic', 'written', 'contract') GROUP BY subject;
INSERT INTO answer SELECT CASE WHEN b.firstEvidence IS NULL THEN 'recorded without consent' WHEN b.expired THEN 'consent expired' WHEN b.firstEvidence > b.firstAt THEN 'consent late' ELSE 'form not accepted' END, b.recordingId || '|' || b.party
  FROM best b LEFT JOIN standing s ON s.subject = b.party AND s.at <= b.firstAt AND coalesce(s.expiresAt > b.firstAt, true) WHERE NOT coalesce(b.good, false) AND s.subject IS NULL;
-- access
INSERT INTO answer SELECT 'anonymous', id FROM act WHERE actor."type" = 'anonymous';
INSERT INTO answer SELECT 'unknown actor', id FROM act WHERE staff IS NULL AND actor."type" <> 'anonymous' AND actor.id NOT LIKE 'svc:%';
INSERT INTO answer SELECT 'departed', a.id FROM act a JOIN staff s ON s.id = a.staff WHERE a.at < s.employedFrom OR a.at >= s.employedUntil;
INSERT INTO answer SELECT 'not permitted', a.id FROM act a WHERE a.staff IS NOT NULL AND a.action IN ('download', 'export', 'share', 'delete') AND NOT EXISTS (SELECT 1 FROM staffRole r WHERE r.id = a.staff AND r."role" = 'legal' AND r."from" <= a.at AND (r.until IS NULL OR r.until > a.at));
CREATE TEMP TABLE handler AS SELECT p.contactId, coalesce(n.id, p.party) AS staff, p.endedAt FROM party p LEFT JOIN staffName n ON n.name = p.party WHERE p."role" IN ('agent', 'supervisor', 'expert');
CREATE TEMP TABLE explained AS
  SELECT a.id FROM act a JOIN handler h ON h.contactId = a.contactId AND h.staff = a.staff AND a.at <= h.endedAt + INTERVAL 30 DAYS
  UNION SELECT a.id FROM act a JOIN handler h ON h.contactId = a.contactId JOIN staffRole mine ON mine.id = a.staff AND mine."role" = 'supervisor' JOIN staffRole theirs ON theirs.id = h.staff AND (theirs.team = mine.team OR theirs.supervisor = a.staff)
  UNION SELECT a.id FROM act a JOIN (SELECT staff, unnest(contactIds) AS contactId, "from", until, createdAt, assignedBy FROM workforce WHERE kind = 'assignment') g ON g.staff = a.staff AND g.contactId = a.contactId AND a.at BETWEEN g."from" AND coalesce(g.until, a.at) AND g.createdAt <= a.at + INTERVAL 5 MINUTES AND g.assignedBy <> a.staff
  UNION SELECT a.id FROM act a JOIN (SELECT staff, unnest(recordingIds) AS recordingId, "from", until, createdAt, assignedBy FROM workforce WHERE kind = 'assignment') g ON g.staff = a.staff AND g.recordingId = a.recordingId AND a.at BETWEEN g."from" AND coalesce(g.until, a.at) AND g.createdAt <= a.at + INTERVAL 5 MINUTES AND g.assignedBy <> a.staff
  UNION SELECT a.id FROM act a JOIN (SELECT principal, unnest(recordingIds) AS recordingId, "from", until FROM workforce WHERE kind = 'grant') g ON g.principal = a.staff AND g.recordingId = a.recordingId AND a.at BETWEEN g."from" AND coalesce(g.until, a.at)
  UNION SELECT id FROM act WHERE actor.id LIKE 'svc:%';
INSERT INTO answer SELECT 'unexplained', a.id FROM act a ANTI JOIN explained e ON e.id = a.id WHERE a.staff IS NOT NULL;
INSERT INTO answer SELECT 'bulk', staff || '|' || day FROM (SELECT staff, "at"::DATE AS day, count(DISTINCT recordingId) OVER (PARTITION BY staff ORDER BY "at" RANGE BETWEEN INTERVAL 1 HOUR PRECEDING AND CURRENT ROW) AS many FROM act WHERE action IN ('play', 'download', 'export')) WHERE many > 20 GROUP BY ALL;
-- policy
CREATE TEMP TABLE limited AS SELECT d.*, coalesce((SELECT max(CASE r."role" WHEN 'agent' THEN 100 WHEN 'supervisor' THEN 500 WHEN 'manager' THEN 5000 ELSE 0 END) FROM staffRole r WHERE r.id = d.staff), 0) AS own FROM decision d;
INSERT INTO answer SELECT CASE WHEN len(coalesce(approvals, [])) > 0 THEN 'approval invalid' ELSE 'authority exceeded' END, d.id FROM limited d WHERE d.amount > d.own AND d.outcome IN ('granted', 'partial')
  AND NOT EXISTS (SELECT 1 FROM (SELECT unnest(d.approvals) AS a) x JOIN staffRole r ON r.id = x.a."by" AND CASE r."role" WHEN 'supervisor' THEN 500 WHEN 'manager' THEN 5000 ELSE 0 END >= d.amount WHERE x.a.at <= d.at AND x.a."by" <> d.staff);
INSERT INTO answer SELECT 'outcome contradicts rule', id FROM decision WHERE policy = 'refunds' AND len(coalesce(approvals, [])) = 0 AND ((facts.reason = 'defective' AND facts.daysSincePurchase <= 30 AND outcome <> 'granted') OR (facts.daysSincePurchase > 90 AND outcome <> 'denied'));
INSERT INTO answer SELECT CASE WHEN min(e.at) IS NULL THEN 'step missing' ELSE 'step out of order' END, d.id FROM decision d LEFT JOIN event e ON e.contactId = d.contactId AND e.type = 'identity-verified' GROUP BY d.id, d.at HAVING coalesce(min(e.at) > d.at, true);
INSERT INTO answer SELECT 'late response', c.id FROM contact c JOIN event q ON q.contactId = c.id AND q.type = 'customer-message' LEFT JOIN event a ON a.contactId = c.id AND a.type = 'agent-message' GROUP BY c.id HAVING min(a.at) IS NULL OR min(a.at) > min(q.at) + INTERVAL 3 MINUTES;
-- retention
CREATE TEMP TABLE held AS SELECT unnest(recordingIds) AS recordingId, "from", until, createdAt FROM caseLine WHERE kind = 'hold';
INSERT INTO answer SELECT 'overdue', r.id FROM recording r WHERE r.deletedAt IS NULL AND r.deleteBy < :asOf::TIMESTAMPTZ AND r.id NOT IN (SELECT recordingId FROM held);
INSERT INTO answer SELECT 'deleted under hold', r.id FROM recording r JOIN held h ON h.recordingId = r.id AND r.deletedAt BETWEEN h."from" AND coalesce(h.until, r.deletedAt) AND h.createdAt <= r.deletedAt;
INSERT INTO answer SELECT 'deletion not effective', r.id FROM recording r JOIN storedObject o ON o.uri = r.uri WHERE o.seenAt > r.deletedAt;
-- evidence
INSERT INTO answer SELECT 'orphan recording', r.id FROM recording r ANTI JOIN contact c ON c.id = r.contactId;
INSERT INTO answer SELECT 'orphan object', o.uri FROM storedObject o ANTI JOIN recording r ON r.uri = o.uri;
INSERT INTO answer SELECT 'altered', r.id FROM recording r JOIN storedObject o ON o.uri = r.uri WHERE o.sha256 <> r.sha256;
INSERT INTO answer SELECT 'unprotected', uri FROM storedObject WHERE NOT encrypted OR publiclyReadable;
INSERT INTO answer SELECT 'side door', s.id FROM storageAccess s LEFT JOIN recording r ON r.uri = s.uri LEFT JOIN access a ON a.recordingId = r.id AND abs(date_diff('second', a.at, s.at)) <= 300 WHERE a.id IS NULL;

COPY (SELECT * FROM answer ORDER BY question, id) TO ':answers' (FORMAT json);
