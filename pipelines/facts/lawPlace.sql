-- A place as records or sites write it -> the row of the law that it uses in an epoch; NULL: no row can be chosen.
-- A country whose subdivisions have rows needs one of them; elsewhere a subdivision falls back to its country;
-- EU is never chosen (policy.md, Which row; fine print 1).
WITH place AS (
  SELECT jurisdiction AS place FROM party WHERE jurisdiction IS NOT NULL
  UNION SELECT location FROM recording WHERE location IS NOT NULL
  UNION SELECT jurisdiction FROM packSite
),
inForce AS (
  SELECT DISTINCT e.packKey, e.epoch, l.jurisdiction
  FROM lawEpoch e JOIN law l ON l.packKey = e.packKey
    AND (l."from" IS NULL OR l."from" <= e."from") AND (l.until IS NULL OR e."from" IS NULL OR e."from" < l.until)
),
asked AS (
  SELECT p.place, split_part(p.place, '-', 1) AS country, coalesce(c.subdivided, false) AS subdivided
  FROM place p LEFT JOIN lawCountry c ON c.country = split_part(p.place, '-', 1)
)
SELECT e.packKey, e.epoch, a.place,
  CASE
    WHEN a.country = 'EU' OR (a.subdivided AND a.place = a.country) THEN NULL
    WHEN exact.jurisdiction IS NOT NULL THEN exact.jurisdiction
    WHEN NOT a.subdivided THEN whole.jurisdiction
  END AS jurisdiction
FROM asked a CROSS JOIN lawEpoch e
LEFT JOIN inForce exact ON exact.packKey = e.packKey AND exact.epoch = e.epoch AND exact.jurisdiction = a.place
LEFT JOIN inForce whole ON whole.packKey = e.packKey AND whole.epoch = e.epoch AND whole.jurisdiction = a.country
