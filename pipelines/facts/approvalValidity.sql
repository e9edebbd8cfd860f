-- Each approval of a decision: valid when given by somebody else, on or before the act, whose own limit,
-- as it stood at the approval for the contact's queue and the currency, covers the amount (no amount or no limits: whose role may override).
-- validity: valid | invalid | unknown; why says what is wrong or what cannot be told.
WITH given AS (
  SELECT d.id AS decisionId, d."at" AS decidedAt, d.staff AS decider, d.policy, d.amount, d.currency,
    c.queue, c.id IS NOT NULL AS contactKnown,
    unnest(d.approvals) AS approval, generate_subscripts(d.approvals, 1) AS ordinal
  FROM decision d LEFT JOIN contact c ON c.id = d.contactId
),
existing AS (
  -- An approval later than the run's as-of does not exist yet.
  SELECT g.* EXCLUDE (approval), g.approval."by" AS approver, g.approval."at" AS "at"
  FROM given g, run WHERE g.approval."at" <= run.asOf
),
inForce AS (
  SELECT g.*, CASE WHEN p.until IS NULL OR g."at" < p.until THEN p.packKey END AS packKey
  FROM existing g ASOF LEFT JOIN packPeriod p ON g."at" >= p."from"
),
versioned AS (
  SELECT f.*, CASE WHEN v.until IS NULL OR f."at" < v.until THEN v.period END AS period
  FROM inForce f ASOF LEFT JOIN versionPeriod v ON v.packKey = f.packKey AND v.policy = f.policy AND f."at" >= v."from"
),
measured AS (
  SELECT f.*, a.staff AS approverStaff, a.doubt, coalesce(list_has_any(w.mayOverride, a.roles), false) AS mayOverride, coalesce(l."limit", 0) AS "limit",
    f.amount IS NOT NULL AND (s.period IS NOT NULL OR (w.limitQueues IS NOT NULL AND NOT f.contactKnown)) AS byAmount,
    CASE
      WHEN w.limitQueues IS NOT NULL AND NOT f.contactKnown THEN 'queue-unknown'
      WHEN s.anyCurrency THEN NULL
      WHEN f.currency IS NULL THEN 'currency-unknown'
      WHEN NOT list_contains(s.currencies, f.currency) THEN 'other-currency'
    END AS limitDoubt
  FROM versioned f
  JOIN decisionActor a ON a.name = f.approver AND a."at" = f."at"
  LEFT JOIN versionPeriod w ON w.period = f.period
  LEFT JOIN authorityScope s ON s.period = f.period AND s.queue IS NOT DISTINCT FROM CASE WHEN list_contains(w.limitQueues, f.queue) THEN f.queue END
  LEFT JOIN authorityLimit l ON l.period = s.period AND l.queue IS NOT DISTINCT FROM s.queue AND l.roles = a.roles
    AND l.currency IS NOT DISTINCT FROM CASE WHEN NOT s.anyCurrency THEN f.currency END
),
examined AS (
  SELECT m.*,
    CASE
      WHEN m.approver = m.decider OR m.approverStaff = self.staff THEN 'self-approved'
      WHEN m."at" > m.decidedAt THEN 'approved-after-the-act'
      WHEN m.doubt IS NOT NULL THEN m.doubt
      WHEN m.period IS NULL THEN 'no-version-at-approval'
      WHEN m.byAmount THEN coalesce(m.limitDoubt, CASE WHEN m."limit" < m.amount THEN 'limit-too-low' END)
      WHEN NOT m.mayOverride THEN 'may-not-override'
    END AS why
  FROM measured m
  JOIN decisionActor self ON self.name = m.decider AND self."at" = m.decidedAt
)
SELECT decisionId, ordinal, approver, approverStaff, "at", byAmount, "limit", why,
  CASE WHEN why IS NULL THEN 'valid'
       WHEN why IN ('self-approved', 'approved-after-the-act', 'limit-too-low', 'may-not-override') THEN 'invalid'
       ELSE 'unknown' END AS validity
FROM examined
