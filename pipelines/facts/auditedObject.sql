-- What Earshot itself read, and in which time: objects in the inputs of earlier signed reports. The run sets the variable
-- `auditedObjects` to a JSON list before the facts are made; without it there are none. Times are UTC.
WITH listed AS (
  SELECT unnest(from_json(coalesce(getvariable('auditedObjects')::VARCHAR, '[]')::JSON,
    '[{"uri": "VARCHAR", "from": "TIMESTAMPTZ", "until": "TIMESTAMPTZ"}]')) AS o
)
SELECT o.uri AS uri, o."from"::TIMESTAMP AS "from", o.until::TIMESTAMP AS until FROM listed
