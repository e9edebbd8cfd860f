-- Each approval of a decision: valid when given by somebody else, on or before the act, whose own limit,
-- as it stood at the approval, covers the amount (no amount or no limits: whose role may override).
-- validity: valid | invalid | unknown; why says what is wrong or what cannot be told.
WITH given AS (
  SELECT d.id AS decisionId, d."at" AS decidedAt, d.staff AS decider, d.policy, d.amount, d.currency,
    unnest(d.approvals) AS approval, generate_subscripts(d.approvals, 1) AS ordinal
  FROM decision d
),
existing AS (
  -- An approval later than the run's as-of does not exist yet.
  SELECT g.decisionId, g.decidedAt, g.decider, g.policy, g.amount, g.currency, g.ordinal, g.approval."by" AS approver, g.approval."at" AS "at"
  FROM given g, run WHERE g.approval."at" <= run.asOf
),
inForce AS (
  SELECT g.*, CASE WHEN p.until IS NULL OR g."at" < p.until THEN p.packKey END AS packKey
  FROM existing g ASOF LEFT JOIN packPeriod p ON g."at" >= p."from"
),
versioned AS (
  SELECT f.*, CASE WHEN v.until IS NULL OR f."at" < v.until THEN v.version END AS version, CASE WHEN v.until IS NULL OR f."at" < v.until THEN v.period END AS period
  FROM inForce f ASOF LEFT JOIN versionPeriod v ON v.packKey = f.packKey AND v.policy = f.policy AND f."at" >= v."from"
),
limits AS (
  SELECT f.decisionId, f.ordinal, count(*) > 0 AS limited, max(l."limit") FILTER (list_contains(a.roles, l.role)) AS "limit"
  FROM versioned f
  JOIN packAuthority l ON l.packKey = f.packKey AND l.policy = f.policy AND l.version = f.version
  JOIN decisionActor a ON a.name = f.approver AND a."at" = f."at"
  GROUP BY f.decisionId, f.ordinal
),
examined AS (
  SELECT f.*, a.staff AS approverStaff, coalesce(l.limited, false) AND f.amount IS NOT NULL AS byAmount, coalesce(l."limit", 0) AS "limit",
    CASE
      WHEN f.approver = f.decider OR a.staff = self.staff THEN 'self-approved'
      WHEN f."at" > f.decidedAt THEN 'approved-after-the-act'
      WHEN a.doubt IS NOT NULL THEN a.doubt
      WHEN f.version IS NULL THEN 'no-version-at-approval'
      WHEN coalesce(l.limited, false) AND f.amount IS NOT NULL THEN
        CASE WHEN w.currency IS NOT NULL AND f.currency IS NULL THEN 'currency-unknown'
             WHEN w.currency <> f.currency THEN 'other-currency'
             WHEN coalesce(l."limit", 0) < f.amount THEN 'limit-too-low' END
      WHEN NOT coalesce(list_has_any(w.mayOverride, a.roles), false) THEN 'may-not-override'
    END AS why
  FROM versioned f
  JOIN decisionActor a ON a.name = f.approver AND a."at" = f."at"
  JOIN decisionActor self ON self.name = f.decider AND self."at" = f.decidedAt
  LEFT JOIN versionPeriod w ON w.period = f.period
  LEFT JOIN limits l ON l.decisionId = f.decisionId AND l.ordinal = f.ordinal
)
SELECT decisionId, ordinal, approver, approverStaff, "at", byAmount, "limit", why,
  CASE WHEN why IS NULL THEN 'valid'
       WHEN why IN ('self-approved', 'approved-after-the-act', 'limit-too-low', 'may-not-override') THEN 'invalid'
       ELSE 'unknown' END AS validity
FROM examined
