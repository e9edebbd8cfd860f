-- What the gate answered to retention jobs: the run fills `answeredObject` from the gate's log before the facts are made; a
-- case states answers in the variable `gateAnswers`, a JSON list. Times are UTC.
WITH listed AS (
  SELECT unnest(from_json(coalesce(getvariable('gateAnswers')::VARCHAR, '[]')::JSON,
    '[{"uri": "VARCHAR", "versionId": "VARCHAR", "decision": "VARCHAR", "at": "TIMESTAMPTZ", "validUntil": "TIMESTAMPTZ"}]')) AS s
)
SELECT uri, versionId, decision, "at", validUntil FROM answeredObject
UNION ALL
SELECT s.uri, s.versionId, s.decision, s."at"::TIMESTAMP, s.validUntil::TIMESTAMP FROM listed
