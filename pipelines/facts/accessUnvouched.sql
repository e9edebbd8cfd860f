-- Accesses for which their log cannot vouch: told by a log file that does not verify or that no digest names, or in a time in which a digest, a log file
-- or the digest's proof is missing (logStatement). One row an access.
WITH broken AS (
  SELECT objectNumber, source, "from", until FROM logStatement WHERE state IN ('invalid', 'moved', 'gap', 'missing', 'unnamed')
)
SELECT r.rowid::INTEGER AS access FROM accessRow r SEMI JOIN (
  SELECT a.id FROM access a JOIN broken b ON b.objectNumber = a.objectNumber
  UNION
  SELECT a.id FROM access a JOIN broken b ON b.source = a.sourceId AND b."from" <= a."at" AND a."at" < b.until
) u ON u.id = r.accessId
