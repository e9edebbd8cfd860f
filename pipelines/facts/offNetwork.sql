-- Successful accesses under a pack that names networks that did not come from one of them, or of which that cannot be told
-- (inside NULL: the address is none, or there is none).
WITH ruled AS (
  SELECT DISTINCT packKey FROM packNetwork
),
act AS (
  SELECT d.rowid::INTEGER AS deed, d.packKey FROM accessDeed d SEMI JOIN ruled r ON r.packKey = d.packKey WHERE d.outcome = 'success'
)
SELECT r.rowid::INTEGER AS access, c.ip, n.inside
FROM accessRow r JOIN act a ON a.deed = r.deed
LEFT JOIN accessNetwork n ON n.packKey = a.packKey AND n.client = r.client
LEFT JOIN accessClient c ON c.rowid = r.client
WHERE n.inside IS NULL OR NOT n.inside
