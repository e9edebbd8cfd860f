-- Each request of a data subject with its outcome, also where it was decided and is not carried out yet, and the end of its
-- term.
SELECT q.id AS requestId, q.subject, q.type, q.receivedAt, q.completedAt, q.liftedAt, q.purposes, t.packKey, t.due,
  coalesce(q.outcome, CASE WHEN s.completedAt IS NULL THEN s.outcome END) AS outcome
FROM request q
LEFT JOIN requestTerm t ON t.requestId = q.id
LEFT JOIN stored_request s ON s.objectNumber = q.objectNumber AND s.line = q.line AND s.id = q.id AND s.pointer IS NOT DISTINCT FROM q.pointer
