-- Successful accesses (not list) for which the numbered controls of the access family have something to say:
-- `fires`, the first control that applies, or `doubt`, why the records cannot tell, from control `doubtFrom` on.
-- Accesses that are explained and in order have no row. Where the log that tells of an access has a gap, what it says proves
-- a breach but no order: log-gap, from the first control on.
WITH explained AS (
  SELECT access, bool_or(doubt IS NULL) AS sure, min(doubt) AS doubt
  FROM accessExplanation SEMI JOIN openAccess USING (access) WHERE strength = 'strong' GROUP BY access
),
near AS (
  SELECT access, bool_or("nearness" = 'expired') AS expired, bool_or("nearness" = 'backdated') AS backdated
  FROM nearExplanation WHERE NOT doubtful GROUP BY access
),
act AS (
  SELECT a.*, a.action IN ('monitor', 'whisper', 'barge') AS live FROM accessAct a SEMI JOIN openAccess o ON o.access = a.access
),
-- Contacts of which it is not known who handled them or a leg of their chain: that contact or staff record has no version that counts.
unclear AS (
  SELECT c.contactId FROM chain c SEMI JOIN brokenChain b ON b.chain = c.chain
  UNION
  SELECT p.contactId FROM party p JOIN disputedStaffName n ON n.name = p.party WHERE p.isStaff
),
judged AS (
  SELECT a.access,
    CASE
      WHEN a.actorKind = 'anonymous' THEN 'anonymous'
      WHEN a.packKey IS NULL THEN NULL
      WHEN a.actorKind = 'unknown' THEN CASE WHEN coalesce(n.roster, false) THEN NULL ELSE 'unknown-actor' END
      WHEN a.actorKind NOT IN ('staff', 'service', 'audit') THEN NULL
      WHEN a.live AND m.forbidden THEN 'unauthorised-monitoring'
      WHEN a.problem IS NOT NULL THEN NULL
      WHEN a.live AND NOT m.authorised THEN CASE WHEN m.doubtful OR coalesce(n.reasons, false) OR k.contactId IS NOT NULL THEN NULL ELSE 'unauthorised-monitoring' END
      WHEN e.sure OR e.doubt IS NOT NULL OR coalesce(n.reasons, false) OR k.contactId IS NOT NULL THEN NULL
      WHEN h.expired THEN 'grant-expired'
      WHEN h.backdated THEN 'explanation-backdated'
      ELSE 'unexplained' END AS fires,
    CASE
      WHEN g.access IS NOT NULL THEN 'log-gap'
      WHEN a.actorKind = 'anonymous' THEN NULL
      WHEN a.packKey IS NULL THEN 'no-policy'
      WHEN a.actorKind = 'unknown' THEN CASE WHEN n.roster THEN 'not-covered' END
      WHEN a.actorKind = 'ambiguous' THEN 'ambiguous-person'
      WHEN a.actorKind = 'conflict' THEN 'conflicting-records'
      WHEN a.problem = 'target-disagrees' THEN a.problem
      WHEN a.live AND m.authorised AND e.sure THEN NULL
      WHEN NOT a.live AND e.sure THEN NULL
      WHEN a.problem IS NOT NULL THEN a.problem
      WHEN a.live AND NOT m.authorised THEN CASE WHEN m.disputed THEN 'conflicting-records' WHEN m.doubtful THEN 'ambiguous-person' WHEN n.reasons THEN 'not-covered' WHEN k.contactId IS NOT NULL THEN 'conflicting-records' END
      WHEN e.doubt IS NOT NULL AND NOT coalesce(e.sure, false) THEN e.doubt
      WHEN n.reasons THEN 'not-covered'
      WHEN k.contactId IS NOT NULL THEN 'conflicting-records' END AS doubt,
    CASE WHEN g.access IS NOT NULL THEN 1 WHEN a.actorKind IN ('unknown', 'ambiguous', 'conflict') THEN 2
      WHEN a.live AND NOT m.authorised THEN 3 WHEN a.live AND (a.problem IS NOT NULL OR a.packKey IS NULL) THEN 3 ELSE 4 END AS doubtFrom
  FROM act a
  LEFT JOIN explained e ON e.access = a.access
  LEFT JOIN near h ON h.access = a.access
  LEFT JOIN monitoringAct m ON m.access = a.access
  LEFT JOIN accessNotCovered n ON n.access = a.access
  LEFT JOIN accessUnvouched g ON g.access = a.access
  LEFT JOIN unclear k ON k.contactId = a.contactId
)
SELECT access, fires, CASE WHEN fires IS NULL THEN doubt END AS doubt, doubtFrom
FROM judged WHERE fires IS NOT NULL OR doubt IS NOT NULL
