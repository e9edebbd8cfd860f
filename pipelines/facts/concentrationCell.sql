-- Who goes with what, by policy, period and team: a decider's approvals with each approver, and a decider's exceptions
-- (favourable outcomes that the rule does not expect) with each reason code. together = of both, ofActor and ofPartner =
-- of each, total = of the team. Own approvals are left out: policy/approval-invalid judges those.
WITH met AS (
  SELECT DISTINCT 'approver' AS kind, c.packKey, c.policy, c."at", coalesce(c.team, '') AS team, c.staff AS actor, coalesce(a.approverStaff, a.approver) AS partner, c.decisionId
  FROM decisionContext c JOIN approvalValidity a ON a.decisionId = c.decisionId
  WHERE c.staff IS NOT NULL AND c.staff <> coalesce(a.approverStaff, a.approver)
  UNION ALL
  SELECT 'reason', packKey, policy, "at", coalesce(team, ''), staff, reasonCode, decisionId
  FROM decisionContext
  WHERE contradiction = 'favour' AND staff IS NOT NULL AND reasonCode IS NOT NULL
),
counted AS (
  SELECT m.kind, m.packKey, m.policy, date_trunc(g.period, m."at")::TIMESTAMP AS startsAt, m.team, m.actor, m.partner,
    count(*) AS together, list(m.decisionId ORDER BY m.decisionId) AS decisionIds
  FROM met m JOIN statisticsSetting g ON g.packKey = m.packKey
  GROUP BY ALL
)
SELECT *,
  sum(together) OVER (PARTITION BY kind, packKey, policy, startsAt, team, actor)::BIGINT AS ofActor,
  sum(together) OVER (PARTITION BY kind, packKey, policy, startsAt, team, partner)::BIGINT AS ofPartner,
  sum(together) OVER (PARTITION BY kind, packKey, policy, startsAt, team)::BIGINT AS total
FROM counted
