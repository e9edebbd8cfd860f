-- What exporters vouch to have delivered of the event types that steps and promises ask about:
-- one row for each type; a statement about "event" speaks of all types.
WITH stated AS (
  SELECT id, source, unnest(kinds) AS kind, "from", "to", queues, sites FROM coverage
),
asked AS (
  SELECT type FROM stepType UNION SELECT unnest(['customer-message', 'agent-message'])
)
SELECT a.type, s.id, s.source, s."from", s."to", s.queues, s.sites
FROM stated s JOIN asked a ON s.kind = a.type OR s.kind = 'event'
