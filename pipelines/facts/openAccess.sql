-- Successful accesses (not list) that are not plainly in order, by far the fewest: nothing surely explains them, they are live
-- monitoring, what they touch is not clear, or their log cannot vouch for them.
WITH deed AS MATERIALIZED (
  SELECT rowid::INTEGER AS deed, action IN ('monitor', 'whisper', 'barge') AS live FROM accessDeed WHERE outcome = 'success' AND action <> 'list'
)
SELECT r.rowid::INTEGER AS access FROM accessRow r SEMI JOIN deed d ON d.deed = r.deed
ANTI JOIN (FROM accessExplanation WHERE strength = 'strong' AND doubt IS NULL) e ON e.access = r.rowid
UNION
SELECT r.rowid::INTEGER FROM accessRow r SEMI JOIN (FROM deed WHERE live) d ON d.deed = r.deed
UNION
SELECT r.rowid::INTEGER FROM accessRow r SEMI JOIN (SELECT rowid AS object FROM accessObject WHERE problem = 'target-disagrees') o ON o.object = r.object SEMI JOIN deed d ON d.deed = r.deed
UNION
SELECT g.access FROM accessUnvouched g JOIN accessRow r ON r.rowid = g.access SEMI JOIN deed d ON d.deed = r.deed
