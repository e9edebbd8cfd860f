-- For each pack that names networks and each client with an address: whether it lies in one of them; NULL where it is no address.
WITH network AS (
  SELECT n.packKey, a.bits, CASE WHEN n.network LIKE '%/%' THEN split_part(n.network, '/', 2)::INTEGER ELSE length(a.bits) END
    - CASE WHEN n.network LIKE '%:%' AND length(a.bits) = 32 AND n.network LIKE '%/%' THEN 96 ELSE 0 END AS prefix
  FROM packNetwork n JOIN networkAddress a ON a.written = split_part(n.network, '/', 1)
),
address AS (
  SELECT DISTINCT a.ip, n.bits FROM accessClient a JOIN networkAddress n ON n.written = a.ip
),
judged AS (
  SELECT n.packKey, c.ip,
    CASE WHEN c.bits IS NOT NULL THEN bool_or(length(n.bits) = length(c.bits) AND left(n.bits, n.prefix) = left(c.bits, n.prefix)) END AS inside
  FROM address c CROSS JOIN network n
  GROUP BY n.packKey, c.ip, c.bits
)
SELECT j.packKey, a.rowid::INTEGER AS client, j.inside FROM judged j JOIN accessClient a ON a.ip = j.ip
ORDER BY packKey, client
