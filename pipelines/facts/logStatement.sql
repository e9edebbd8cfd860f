-- What logs say of their own completeness (CloudTrail digests, say): one row a statement. The run sets the variable
-- `logStatements` to a JSON list before the facts are made; without it there are none. Times are UTC.
-- state: valid (the log file is as it was delivered), invalid, moved (not where it was delivered), gap (the log says that it
-- stopped), missing (a file or digest is gone), unnamed (a log file of a digested time that no digest names). "from" and until:
-- the time that a valid statement vouches for, or that another one leaves open.
WITH listed AS (
  SELECT unnest(from_json(coalesce(getvariable('logStatements')::VARCHAR, '[]')::JSON,
    '[{"objectNumber": "INTEGER", "source": "VARCHAR", "name": "VARCHAR", "state": "VARCHAR", "from": "TIMESTAMPTZ", "until": "TIMESTAMPTZ", "detail": "VARCHAR"}]')) AS s
)
SELECT s.objectNumber AS objectNumber, s.source AS source, s.name AS name, s.state AS state,
  s."from"::TIMESTAMP AS "from", s.until::TIMESTAMP AS until, s.detail AS detail
FROM listed
