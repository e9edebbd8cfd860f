-- What is to be done with each recording at as-of, for the retention job and for people (run-and-report.md, Gate).
-- due: past its deletion date, or a granted erasure asks for it. delete: due, and nothing stands against it. hold: due, and
-- a hold or a keep duty stands against it, for counsel. keep: all else, and every doubt.
WITH hold AS (
  SELECT recordingId, list({id: holdId, "from": "from", until: until} ORDER BY holdId, "from") AS holds FROM holdCover GROUP BY recordingId
),
request AS (
  SELECT contactId, list_sort(list(DISTINCT requestId)) AS requests, list_sort(list(DISTINCT type)) AS types FROM recordingRequest GROUP BY contactId
),
erasure AS (
  SELECT recordingId, list_sort(list(DISTINCT requestId) FILTER (doubt IS NULL)) AS erasures, bool_or(doubt IS NOT NULL) AS doubtful FROM recordingErasure GROUP BY recordingId
),
-- Holds and requests, of today and of later, may mean the customer by a name that nobody can resolve.
doubtful AS (
  SELECT contactId FROM contactPerson SEMI JOIN doubtfulName d ON d.name = party
  UNION
  SELECT contactId FROM contactPerson c SEMI JOIN (SELECT n.person FROM personName n SEMI JOIN doubtfulName USING (name)) p ON p.person = c.person
),
-- Nearly every recording is shown once, and a list made for each costs more than all else here.
often AS (
  SELECT recordingId FROM storedCopy GROUP BY recordingId HAVING count(*) > 1
),
shown AS (
  SELECT recordingId, coalesce(legalHold OR lockUntil > run."asOf", false) AS locked, [{uri: uri, versionId: versionId, sha256: sha256, copied: copied}] AS shown
  FROM storedCopy ANTI JOIN often USING (recordingId) CROSS JOIN run
  UNION ALL
  SELECT recordingId, bool_or(coalesce(legalHold OR lockUntil > run."asOf", false)), list_sort(list({uri: uri, versionId: versionId, sha256: sha256, copied: copied}))
  FROM storedCopy SEMI JOIN often USING (recordingId) CROSS JOIN run GROUP BY recordingId
),
known AS (
  SELECT t.*, r.uri, r.versionId, lower(r.sha256) AS sha256, r.attributes->>'etag' AS etag, coalesce(r.copies, []) AS copies,
    coalesce(h.holds, []) AS holds, coalesce(v.sure, false) AS held, v.doubt AS holdDoubt, coalesce(q.requests, []) AS requests, coalesce(q.types, []) AS requestTypes,
    coalesce(e.erasures, []) AS erasures, coalesce(e.doubtful, false) AS erasureDoubt, coalesce(s.locked, false) AS locked, coalesce(s.shown, []) AS shown, coalesce(p.names, []) AS names,
    u.contactId IS NOT NULL AS personDoubt
  FROM retentionTerm t
  JOIN recording r ON r.id = t.recordingId
  LEFT JOIN hold h ON h.recordingId = t.recordingId
  LEFT JOIN recordingHeld v ON v.recordingId = t.recordingId
  LEFT JOIN request q ON q.contactId = t.contactId
  LEFT JOIN erasure e ON e.recordingId = t.recordingId
  LEFT JOIN shown s ON s.recordingId = t.recordingId
  LEFT JOIN recordingPerson p ON p.contactId = t.contactId
  LEFT JOIN doubtful u ON u.contactId = t.contactId
),
weighed AS (
  SELECT k.*, k.deleteBy <= run."asOf" AS past,
    CASE WHEN k.contactKnown AND k.packKey IS NOT NULL AND k.perhapsKeepUntil IS NULL AND k.holdDoubt IS NULL AND NOT k.locked AND NOT k.personDoubt THEN [] ELSE
    list_filter([CASE WHEN NOT k.contactKnown THEN 'contact-unknown' END, CASE WHEN k.packKey IS NULL THEN 'no-policy' END,
      CASE WHEN k.packKey IS NOT NULL AND k.perhapsKeepUntil > coalesce(greatest(k.keepUntil, run."asOf"), run."asOf") THEN coalesce(k.doubt, 'place-unknown') END,
      CASE WHEN k.holdDoubt IS NOT NULL THEN 'hold-doubtful' END, CASE WHEN k.personDoubt THEN 'person-doubtful' END, CASE WHEN k.locked THEN 'locked-in-storage' END], lambda x: x IS NOT NULL) END AS doubts
  FROM known k CROSS JOIN run
)
SELECT w.recordingId, w.contactId, w.uri, w.versionId, w.sha256, w.etag, w.copies, w.shown, w.packKey, w.keepUntil, w.keepRule, w.deleteBy, w.deleteRule, w.deletedAt, w.rules,
  w.holds, w.requests, w.requestTypes, w.erasures, w.names, w.doubts,
  CASE WHEN len(w.doubts) > 0 THEN 'keep'
    WHEN NOT coalesce(w.past, false) AND len(w.erasures) = 0 THEN 'keep'
    WHEN len(w.requests) > 0 THEN 'keep'
    WHEN w.held OR coalesce(w.keepUntil > run."asOf", false) THEN 'hold'
    ELSE 'delete' END AS decision,
  -- Most are kept for one plain reason.
  CASE WHEN len(w.doubts) = 0 AND len(w.requestTypes) = 0 AND len(w.erasures) = 0 AND NOT w.held AND NOT coalesce(w.past, false) AND w.deleteBy IS NOT NULL AND NOT coalesce(w.keepUntil > run."asOf", false)
    THEN ['not-yet-due']
  ELSE w.doubts || list_transform(w.requestTypes, lambda x: 'request-open:' || x)
    || CASE WHEN w.past THEN ['due:' || w.deleteRule] ELSE [] END || list_transform(w.erasures, lambda x: 'due:erasure:' || x)
    || CASE WHEN w.held THEN ['held'] ELSE [] END || CASE WHEN w.keepUntil > run."asOf" THEN ['keep-duty:' || w.keepRule] ELSE [] END
    || CASE WHEN w.past OR len(w.erasures) > 0 THEN [] WHEN w.deleteBy IS NOT NULL THEN ['not-yet-due'] WHEN w.keepUntil > run."asOf" THEN [] ELSE ['no-rule'] END END AS reasons
FROM weighed w CROSS JOIN run
UNION ALL BY NAME
SELECT x.id AS recordingId, x.contactId, s.uri, NULL AS versionId, [] AS copies, [] AS rules, [] AS holds, [] AS requests, [] AS requestTypes, [] AS erasures, [] AS names,
  ['conflicting-records'] AS doubts, 'keep' AS decision, ['conflicting-records'] AS reasons
FROM conflict x JOIN (SELECT DISTINCT id, uri FROM stored_recording) s ON s.id = x.id
WHERE x.kind = 'recording'
