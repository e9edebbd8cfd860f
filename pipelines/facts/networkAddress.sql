-- Addresses of clients and of the policy's networks as strings of bits, 32 for IPv4, 128 for IPv6 (RFC 4291).
-- An IPv4 address inside IPv6 (::ffff:192.0.2.1) is that IPv4 address; a zone (%eth0) does not count. NULL: no address.
WITH used AS (
  SELECT DISTINCT ip AS written FROM accessClient WHERE ip IS NOT NULL
  UNION
  SELECT DISTINCT split_part(network, '/', 1) FROM packNetwork
),
plain AS (
  SELECT written, lower(split_part(written, '%', 1)) AS address FROM used
),
-- A dotted tail becomes two groups of hexadecimal digits.
dotted AS (
  SELECT written, address, regexp_extract(address, '^(.*:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$', ['head', 'a', 'b', 'c', 'd']) AS part FROM plain
),
parted AS (
  SELECT written, address, part.head AS head, try_cast(part.a AS INTEGER) AS a, try_cast(part.b AS INTEGER) AS b,
    try_cast(part.c AS INTEGER) AS c, try_cast(part.d AS INTEGER) AS d FROM dotted
),
-- Most addresses by far are plain IPv4: spelled at once.
plainFour AS (
  SELECT written, lpad(bin(a), 8, '0') || lpad(bin(b), 8, '0') || lpad(bin(c), 8, '0') || lpad(bin(d), 8, '0') AS bits
  FROM parted WHERE head = '' AND greatest(a, b, c, d) <= 255
),
tailed AS (
  SELECT written, CASE WHEN a IS NULL THEN address
    WHEN greatest(a, b, c, d) > 255 THEN NULL
    ELSE coalesce(nullif(head, ''), '::ffff:') || format('{:02x}{:02x}:{:02x}{:02x}', a, b, c, d) END AS address
  FROM parted WHERE (head = '' AND greatest(a, b, c, d) <= 255) IS NOT TRUE
),
halves AS (
  SELECT written, address, string_split(address, '::') AS half FROM tailed
),
grouped AS (
  SELECT written, len(half) AS halves,
    list_filter(string_split(half[1], ':'), g -> g <> '') AS head, list_filter(string_split(coalesce(half[2], ''), ':'), g -> g <> '') AS tail,
    address NOT LIKE '%:::%' AND (starts_with(address, '::') OR NOT starts_with(address, ':')) AND (ends_with(address, '::') OR NOT ends_with(address, ':')) AS wellFormed
  FROM halves
),
filled AS (
  SELECT written, CASE WHEN wellFormed AND (halves = 1 AND len(head) = 8 OR halves = 2 AND len(head) + len(tail) < 8)
      AND len(list_filter(head || tail, g -> NOT regexp_full_match(g, '[0-9a-f]{1,4}'))) = 0
    THEN head || list_transform(range(8 - len(head) - len(tail)), x -> '0') || tail END AS "groups"
  FROM grouped
),
spelled AS (
  SELECT written, array_to_string(list_transform("groups", g -> lpad(bin(try_cast('0x' || g AS UINTEGER)), 16, '0')), '') AS bits FROM filled
)
SELECT written, CASE WHEN starts_with(bits, repeat('0', 80) || repeat('1', 16)) THEN substr(bits, 97) WHEN bits <> '' THEN bits END AS bits
FROM spelled
UNION ALL
FROM plainFour
ORDER BY written
