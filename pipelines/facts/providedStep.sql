-- Event types whose absence means something: provided or delivered by some source, by type or as "event".
SELECT DISTINCT t.type
FROM (SELECT type FROM stepType UNION SELECT unnest(['customer-message', 'agent-message'])) t
LEFT JOIN provided p ON p.kind = t.type
LEFT JOIN (SELECT 1 AS whole FROM source WHERE list_contains(provides, 'event') LIMIT 1) e ON true
WHERE p.kind IS NOT NULL OR e.whole = 1
