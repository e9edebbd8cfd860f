-- Times in which a log may have lost something: silences longer than it is given, missing numbers, and what its digests cannot
-- vouch for. A silence that is long only by the log's own rhythm is told (evidence/log-gap) and makes nothing doubtful.
SELECT source, "from", until FROM logSilence WHERE stated
UNION ALL
SELECT source, "from", until FROM logHole
UNION ALL
SELECT source, "from", until FROM logStatement WHERE state IN ('invalid', 'moved', 'gap', 'missing') AND "from" IS NOT NULL
