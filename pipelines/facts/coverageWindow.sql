-- Where somebody looked: for each record kind and event type the windows in which a source that provides or delivered it vouches
-- for having all of it; a source that states no coverage of it looked always and everywhere (NULL bounds).
WITH eventType AS (
  SELECT unnest(['notice-played', 'tone-played', 'objection', 'bot-disclosed', 'payment']) AS kind
),
offered AS (
  SELECT DISTINCT source, kind FROM (
    SELECT id AS source, unnest(provides) AS kind FROM source
    UNION ALL
    SELECT s.id, t.kind FROM source s CROSS JOIN eventType t WHERE list_contains(s.provides, 'event')
    UNION ALL
    SELECT source, kind FROM produced WHERE records > 0
  )
),
stated AS (
  SELECT c.source, unnest(c.kinds) AS kind, c."from", c."to" AS until, c.queues, c.sites FROM coverage c
  UNION ALL
  SELECT c.source, t.kind, c."from", c."to", c.queues, c.sites FROM coverage c CROSS JOIN eventType t WHERE list_contains(c.kinds, 'event')
)
SELECT o.kind, o.source, coalesce(s."from", '-infinity'::TIMESTAMP) AS "from", coalesce(s.until, 'infinity'::TIMESTAMP) AS until, s.queues, s.sites
FROM offered o LEFT JOIN stated s ON s.source = o.source AND s.kind = o.kind
