-- Records that were delivered more than once, as duplicates, versions or contradictions; only those of the kinds that have an
-- id of their own can be told apart where none of them is in conflict.
WITH again AS (
  SELECT x.kind, coalesce(c.id, r.id, e.id, a.id, o.id, d.id, g.id, s.id, i.subject, h.id, q.id, m.id, v.id) AS id
  FROM excluded x
  LEFT JOIN stored_contact c ON x.kind = 'contact' AND c.rowid = x."row"
  LEFT JOIN stored_recording r ON x.kind = 'recording' AND r.rowid = x."row"
  LEFT JOIN stored_event e ON x.kind = 'event' AND e.rowid = x."row"
  LEFT JOIN stored_access a ON x.kind = 'access' AND a.rowid = x."row"
  LEFT JOIN stored_consent o ON x.kind = 'consent' AND o.rowid = x."row"
  LEFT JOIN stored_decision d ON x.kind = 'decision' AND d.rowid = x."row"
  LEFT JOIN stored_grant g ON x.kind = 'grant' AND g.rowid = x."row"
  LEFT JOIN stored_staff s ON x.kind = 'staff' AND s.rowid = x."row"
  LEFT JOIN stored_identity i ON x.kind = 'identity' AND i.rowid = x."row"
  LEFT JOIN stored_hold h ON x.kind = 'hold' AND h.rowid = x."row"
  LEFT JOIN stored_request q ON x.kind = 'request' AND q.rowid = x."row"
  LEFT JOIN stored_assignment m ON x.kind = 'assignment' AND m.rowid = x."row"
  LEFT JOIN stored_review v ON x.kind = 'review' AND v.rowid = x."row"
  WHERE x."class" IN ('duplicate', 'superseded')
)
SELECT kind, id FROM again WHERE id IS NOT NULL
UNION
SELECT kind, id FROM conflict
