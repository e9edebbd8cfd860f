-- Record kinds and event types that some source provides or delivered (absence is evidence only where somebody looked).
SELECT DISTINCT kind FROM (
  SELECT unnest(provides) AS kind FROM source
  UNION ALL
  SELECT kind FROM produced WHERE records > 0
)
ORDER BY kind
