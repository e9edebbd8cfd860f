-- The law of each pack changes at a few moments only; between two of them every row has one version.
WITH moment AS (
  SELECT packKey, "from" AS "from" FROM law
  UNION SELECT packKey, until FROM law WHERE until IS NOT NULL
  UNION SELECT packKey, NULL FROM pack
)
SELECT packKey, (row_number() OVER w)::INTEGER AS epoch, "from", lead("from") OVER w AS until
FROM moment
WINDOW w AS (PARTITION BY packKey ORDER BY "from" NULLS FIRST)
