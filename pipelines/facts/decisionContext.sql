-- Each decision with everything it is judged by: pack and version in force at that time, who decided
-- with which limit, for whom, on which contact, what the first matching rule expects, the values on which its
-- policy splits, stratifies and compares (NULL = the records do not say), and what follows:
--   over = beyond the decider's limit, contradiction = not among what the rule expects, need = of an approval,
--   fires = the first of the numbered controls that applies (controls.md, policy 1 to 3; fine print 24).
-- "limit" = the highest among the roles held then, in the contact's queue and the decision's currency; 0 without one;
-- NULL where the version sets no limits or limitDoubt says why they cannot be told; limitRole, limitPart, limitScope = whence.
WITH inForce AS (
  SELECT d.id, d."at", d.policy, CASE WHEN p.until IS NULL OR d."at" < p.until THEN p.packKey END AS packKey
  FROM decision d ASOF LEFT JOIN packPeriod p ON d."at" >= p."from"
),
versioned AS (
  SELECT f.id, f.packKey, CASE WHEN v.until IS NULL OR f."at" < v.until THEN v.period END AS period
  FROM inForce f ASOF LEFT JOIN versionPeriod v ON v.packKey = f.packKey AND v.policy = f.policy AND f."at" >= v."from"
),
approved AS (
  SELECT decisionId, count(*) AS approvals,
    count(*) FILTER (validity = 'valid') AS valid, count(*) FILTER (validity = 'unknown') AS unknown,
    -- One's own approval is told of only where there is no other.
    min(why) FILTER (validity = 'unknown') AS unknownWhy, min({own: why = 'self-approved', ordinal: ordinal, why: why}) FILTER (validity = 'invalid').why AS invalidWhy
  FROM approvalValidity GROUP BY decisionId
),
-- The decision's own customer on the contact, else its only one.
met AS (
  SELECT d.id, p.partyIndex, p.party = d.subject AS own, p.segment, p.language
  FROM decision d JOIN versioned v ON v.id = d.id
  JOIN (FROM versionPeriod WHERE list_has_any(paths, ['segment', 'language'])) w ON w.period = v.period
  JOIN party p ON p.contactId = d.contactId AND (p.party = d.subject OR p.role = 'customer')
),
customer AS (
  SELECT id, CASE WHEN bool_or(own) THEN arg_min({segment: segment, language: language}, partyIndex) FILTER (own)
    WHEN count(*) = 1 THEN any_value({segment: segment, language: language}) END AS customer
  FROM met GROUP BY id
),
known AS (
  SELECT
    d.id AS decisionId,
    d."at",
    d.contactId,
    d.staff AS staffName,
    a.staff,
    a.doubt AS staffDoubt,
    a.roles,
    a.team,
    coalesce(c.site, a.site) AS site,
    c.site AS contactSite,
    c.queue,
    c.id IS NOT NULL AS contactKnown,
    coalesce(h.chain, d.contactId) AS chain,
    d.subject,
    coalesce(r.person, d.subject) AS person,
    coalesce(r.ambiguous, false) AS ambiguous,
    d.policy,
    d.policyVersion,
    d.outcome,
    d.amount,
    d.currency,
    d.reasonCode,
    v.packKey,
    n.policy IS NOT NULL AS policyNamed,
    w.period,
    w.version,
    coalesce(list_contains(w.favourable, d.outcome), false) AS favourable,
    w.favourable IS NOT NULL AS favourableStated,
    w.period IS NOT NULL AND NOT (CASE WHEN w.favourable IS NULL THEN d.outcome NOT IN ('denied', 'refused') ELSE list_contains(w.favourable, d.outcome) END) AS refusal,
    CASE WHEN s.period IS NOT NULL AND a.doubt IS NULL THEN coalesce(m."limit", 0) END AS statedLimit,
    m.role AS limitRole,
    m.part AS limitPart,
    m.scope AS limitScope,
    s.period IS NOT NULL OR (w.limitQueues IS NOT NULL AND c.id IS NULL) AS limited,
    CASE
      WHEN w.limitQueues IS NOT NULL AND c.id IS NULL THEN 'queue-unknown'
      WHEN s.period IS NULL OR s.anyCurrency THEN NULL
      WHEN d.currency IS NULL THEN 'currency-unknown'
      WHEN NOT list_contains(s.currencies, d.currency) THEN 'other-currency'
    END AS limitDoubt,
    e.expect,
    e.rule,
    e.decisionId IS NULL OR e.error IS NOT NULL AS notEvaluable,
    u.customer,
    w.paths,
    w.splitPlaces,
    w.likePlaces,
    w.comparePlaces,
    d.facts,
    c.channel, c.language, c.direction, c.businessUnit, c.campaign, c.attributes,
    coalesce(g.approvals, 0) AS approvals,
    coalesce(g.valid, 0) AS valid,
    coalesce(g.unknown, 0) AS unknown,
    g.unknownWhy,
    g.invalidWhy
  FROM decision d
  JOIN versioned v ON v.id = d.id
  JOIN decisionActor a ON a.name = d.staff AND a."at" = d."at"
  LEFT JOIN packDecision n ON n.packKey = v.packKey AND n.policy = d.policy
  LEFT JOIN versionPeriod w ON w.period = v.period
  LEFT JOIN contact c ON c.id = d.contactId
  LEFT JOIN authorityScope s ON s.period = v.period AND s.queue IS NOT DISTINCT FROM CASE WHEN list_contains(w.limitQueues, c.queue) THEN c.queue END
  LEFT JOIN authorityLimit m ON m.period = s.period AND m.queue IS NOT DISTINCT FROM s.queue AND m.roles = a.roles
    AND m.currency IS NOT DISTINCT FROM CASE WHEN NOT s.anyCurrency THEN d.currency END
  LEFT JOIN chain h ON h.contactId = d.contactId
  LEFT JOIN resolvedName r ON r.name = d.subject AND r."at" = d."at"
  LEFT JOIN expectedOutcome e ON e.decisionId = d.id
  LEFT JOIN customer u ON u.id = d.id
  LEFT JOIN approved g ON g.decisionId = d.id
),
judged AS (
  SELECT * EXCLUDE (statedLimit),
    CASE WHEN limitDoubt IS NULL THEN statedLimit END AS "limit",
    -- Authority concerns favourable outcomes only.
    CASE
      WHEN NOT favourable OR amount IS NULL OR NOT limited OR amount <= 0 THEN 'no'
      WHEN limitDoubt IS NOT NULL OR staffDoubt IS NOT NULL THEN 'unknown'
      WHEN amount > statedLimit THEN 'yes'
      ELSE 'no'
    END AS over,
    coalesce(limitDoubt, staffDoubt) AS overDoubt,
    CASE
      WHEN version IS NULL THEN 'none'
      WHEN notEvaluable THEN 'unknown'
      WHEN expect IS NULL OR list_contains(expect, outcome) THEN 'no'
      WHEN favourable THEN 'favour'
      ELSE 'against'
    END AS contradiction,
    list_transform(paths, lambda path: CASE
      WHEN starts_with(path, 'facts.') THEN json_extract_string(facts, '/' || replace(replace(path[7:], '~', '~0'), '/', '~1'))
      WHEN starts_with(path, 'contact.attributes.') THEN json_extract_string(attributes, '/' || replace(replace(path[20:], '~', '~0'), '/', '~1'))
      WHEN path = 'team' THEN team
      WHEN path = 'staff' THEN staff
      WHEN path = 'site' THEN site
      WHEN path = 'contact.site' THEN contactSite
      WHEN path = 'segment' THEN customer.segment
      WHEN path = 'language' THEN coalesce(customer.language, language)
      WHEN path IN ('channel', 'contact.channel') THEN channel
      WHEN path IN ('queue', 'contact.queue') THEN queue
      WHEN path = 'contact.language' THEN language
      WHEN path = 'contact.direction' THEN direction
      WHEN path = 'contact.businessUnit' THEN businessUnit
      WHEN path = 'contact.campaign' THEN campaign
      WHEN path IN ('reasonCode', 'decision.reasonCode') THEN reasonCode
    END) AS stated
  FROM known
)
SELECT * EXCLUDE (customer, paths, splitPlaces, likePlaces, comparePlaces, facts, channel, language, direction, businessUnit, campaign, attributes, stated),
  list_select(stated, splitPlaces) AS splitValues,
  list_select(stated, likePlaces) AS likeValues,
  list_select(stated, comparePlaces) AS compareValues,
  CASE
    WHEN approvals > 0 AND valid = 0 AND unknown = 0 AND (over = 'yes' OR contradiction = 'favour') THEN 'policy/approval-invalid'
    WHEN over = 'yes' AND approvals = 0 THEN 'policy/authority-exceeded'
    WHEN contradiction = 'against' OR (contradiction = 'favour' AND approvals = 0) THEN 'policy/outcome-contradicts-rule'
  END AS fires,
  CASE
    WHEN version IS NULL THEN 'no'
    WHEN over = 'yes' OR contradiction = 'favour' THEN 'yes'
    WHEN over = 'unknown' OR (contradiction = 'unknown' AND favourable) THEN 'unknown'
    ELSE 'no'
  END AS need,
  CASE WHEN over = 'unknown' THEN overDoubt ELSE 'rule-not-evaluable' END AS needDoubt
FROM judged
