-- Accesses for which their log cannot vouch: told by a log file that does not verify or that no digest names, or in a time in which a digest, a log file
-- or the digest's proof is missing (logStatement). One row an access.
WITH broken AS (
  SELECT objectNumber, source, "from", until FROM logStatement WHERE state IN ('invalid', 'moved', 'gap', 'missing', 'unnamed')
)
SELECT DISTINCT a.id AS accessId FROM access a JOIN broken b ON b.objectNumber = a.objectNumber
UNION
SELECT DISTINCT a.id FROM access a JOIN broken b ON b.source = a.sourceId AND b."from" <= a."at" AND a."at" < b.until
