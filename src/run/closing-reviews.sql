-- Of each finding the newest review of a source with authority; every name of the reviewer and of the second person, so that
-- nobody closes what concerns them, or approves themselves, under another name. Time is UTC.
WITH named AS (
  SELECT id AS staff, id AS name FROM staff
  UNION
  SELECT id, a.alias FROM (SELECT id, unnest(aliases) AS a FROM staff)
),
called AS (
  SELECT n.name, list(DISTINCT other.name ORDER BY other.name) AS names
  FROM named n JOIN named other ON other.staff = n.staff GROUP BY n.name
)
SELECT r.finding, r.verdict, r.by AS by, r.approvedBy AS approvedBy, strftime(r."at", '%Y-%m-%dT%H:%M:%S.%fZ') AS "at", to_json(coalesce(b.names, [r.by]))::VARCHAR AS reviewer,
  CASE WHEN r.approvedBy IS NOT NULL THEN to_json(coalesce(a.names, [r.approvedBy]))::VARCHAR END AS approver
FROM review r JOIN source s ON s.id = r.sourceId AND s.authority = 'reviews'
LEFT JOIN called b ON b.name = r.by LEFT JOIN called a ON a.name = r.approvedBy
QUALIFY row_number() OVER (PARTITION BY r.finding ORDER BY r."at" DESC, r.id DESC) = 1
ORDER BY r.finding
