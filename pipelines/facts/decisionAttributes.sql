-- The values of a decision on which its policy splits, stratifies and compares, in the policy's own order.
-- A path is facts.NAME, contact.NAME (or contact.attributes.NAME), decision.reasonCode, or one of
-- team, staff, site, segment, channel, language, queue. NULL = the records do not say.
WITH customer AS (
  -- The decision's own customer on the contact, else its first customer.
  SELECT c.decisionId, arg_min({segment: p.segment, language: p.language}, {other: p.person <> c.person, n: p.partyIndex}) AS found
  FROM decisionContext c JOIN party p ON p.contactId = c.contactId AND p.isOutsider
  GROUP BY c.decisionId
),
named AS (
  SELECT period, splittingBy, likeCase, compare,
    list_distinct(list_concat(coalesce(splittingBy, []), coalesce(likeCase, []), coalesce(compare, []))) AS paths
  FROM versionPeriod
),
valued AS (
  SELECT c.decisionId, n.splittingBy, n.likeCase, n.compare, n.paths,
    list_transform(n.paths, lambda path: CASE
      WHEN starts_with(path, 'facts.') THEN json_extract_string(d.facts, '/' || replace(replace(path[7:], '~', '~0'), '/', '~1'))
      WHEN starts_with(path, 'contact.attributes.') THEN json_extract_string(k.attributes, '/' || replace(replace(path[20:], '~', '~0'), '/', '~1'))
      WHEN path IN ('channel', 'contact.channel') THEN c.channel
      WHEN path IN ('queue', 'contact.queue') THEN c.queue
      WHEN path = 'site' THEN c.site
      WHEN path = 'contact.site' THEN c.contactSite
      WHEN path = 'team' THEN c.team
      WHEN path = 'staff' THEN c.staff
      WHEN path = 'segment' THEN u.found.segment
      WHEN path = 'language' THEN coalesce(u.found.language, k.language)
      WHEN path = 'contact.language' THEN k.language
      WHEN path = 'contact.direction' THEN k.direction
      WHEN path = 'contact.businessUnit' THEN k.businessUnit
      WHEN path = 'contact.campaign' THEN k.campaign
      WHEN path IN ('reasonCode', 'decision.reasonCode') THEN c.reasonCode
    END) AS found
  FROM decisionContext c
  JOIN named n ON n.period = c.period
  JOIN decision d ON d.id = c.decisionId
  LEFT JOIN contact k ON k.id = c.contactId
  LEFT JOIN customer u ON u.decisionId = c.decisionId
)
SELECT
  decisionId,
  list_transform(splittingBy, lambda path: found[list_position(paths, path)]) AS splitValues,
  list_transform(likeCase, lambda path: found[list_position(paths, path)]) AS likeValues,
  list_transform(compare, lambda path: found[list_position(paths, path)]) AS compareValues
FROM valued
ORDER BY decisionId
