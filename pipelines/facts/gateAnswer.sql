-- What the gate answered to retention jobs, from its log: the run sets the variable `gateAnswers` to a JSON list before the
-- facts are made; without it nobody asked. Times are UTC.
WITH listed AS (
  SELECT unnest(from_json(coalesce(getvariable('gateAnswers')::VARCHAR, '[]')::JSON,
    '[{"uri": "VARCHAR", "versionId": "VARCHAR", "decision": "VARCHAR", "at": "TIMESTAMPTZ", "validUntil": "TIMESTAMPTZ"}]')) AS s
)
SELECT s.uri AS uri, s.versionId AS versionId, s.decision AS decision, s."at"::TIMESTAMP AS "at", s.validUntil::TIMESTAMP AS validUntil
FROM listed
