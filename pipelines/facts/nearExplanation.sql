-- What would almost have explained an access: a grant for it that ended or begins within P30D of it (expired),
-- a grant or an assignment by somebody else that was made only after it (backdated).
SELECT w.access, CASE WHEN w.inForce THEN 'backdated' ELSE 'expired' END AS "nearness",
  w.kind, w.id, w."from", w.until, w.createdAt, w.doubtful
FROM accessWarrant w
JOIN accessDeed a ON a.rowid = w.deed
JOIN pack p ON p.packKey = a.packKey AND list_contains(p.explanations, w.kind)
WHERE a.action <> 'list' AND w.weakness IS NULL
  AND (w.inForce AND NOT w.madeByThen OR w.kind = 'grant' AND w.near)
