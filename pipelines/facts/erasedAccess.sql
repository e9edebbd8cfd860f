-- Successful accesses to what should be gone: after deletedAt, which nothing excuses; after a completed erasure, unless a
-- hold or a keep duty; past the record's own deleteBy, unless a hold (fine print 21). Deleting it is no such access.
-- Where a contact alone was opened and something of it need not be gone, it is not known what was opened (recording-unclear).
WITH excuse AS (
  SELECT access, recordingId, bool_or(NOT doubtful) AS sure, bool_or(NOT doubtful AND kind = 'hold') AS sureHold,
    bool_or(kind = 'hold') AS perhapsHold, bool_or(kind = 'hold' AND id IN (SELECT id FROM conflict WHERE kind = 'hold')) AS disputed, list_sort(list(DISTINCT {kind: kind, id: id})) AS excuses
  FROM accessExcuse GROUP BY access, recordingId
),
erasure AS (
  SELECT access, recordingId, bool_or(doubt IS NULL) AS sure, min(doubt) AS doubt,
    min(requestId) FILTER (doubt IS NULL) AS sureId, min(requestId) AS requestId, coalesce(arg_min(party, {r: requestId, p: party}) FILTER (doubt IS NULL), arg_min(party, {r: requestId, p: party})) AS party
  FROM erasureBar GROUP BY access, recordingId
),
judged AS (
  SELECT x.access, x.recordingId, x.contactId, x.oneOf, r.deletedAt, r.deleteBy, e.party, coalesce(e.sureId, e.requestId) AS requestId,
    CASE WHEN x."at" > r.deletedAt THEN 'after-deletion'
      WHEN e.sure AND c.access IS NULL THEN 'after-erasure'
      WHEN x."at" > r.deleteBy AND NOT coalesce(c.perhapsHold, false) THEN 'past-delete-by' END AS reason,
    CASE WHEN e.sure AND NOT c.sure THEN CASE WHEN c.disputed THEN 'conflicting-records' ELSE 'ambiguous-person' END
      WHEN e.access IS NOT NULL AND NOT e.sure AND NOT coalesce(c.sure, false) THEN e.doubt
      WHEN x."at" > r.deleteBy AND c.perhapsHold AND NOT c.sureHold THEN CASE WHEN c.disputed THEN 'conflicting-records' ELSE 'ambiguous-person' END END AS doubt
  FROM accessRecording x
  JOIN recording r ON r.id = x.recordingId
  LEFT JOIN excuse c ON c.access = x.access AND c.recordingId = x.recordingId
  LEFT JOIN erasure e ON e.access = x.access AND e.recordingId = x.recordingId
  WHERE x.action <> 'delete'
),
whole AS (
  SELECT contactId, count(*) AS recordings FROM recording SEMI JOIN (SELECT contactId FROM judged WHERE oneOf) USING (contactId) GROUP BY contactId
),
told AS (
  SELECT j.*, j.oneOf AND j.reason IS NOT NULL AND count(j.reason) OVER (PARTITION BY j.access) < w.recordings AS unclear
  FROM judged j LEFT JOIN whole w ON w.contactId = j.contactId
)
SELECT access, recordingId, deletedAt, deleteBy, party, requestId, CASE WHEN NOT unclear THEN reason END AS reason,
  CASE WHEN unclear THEN 'recording-unclear' WHEN reason IS NULL THEN doubt END AS doubt
FROM told WHERE reason IS NOT NULL OR doubt IS NOT NULL
