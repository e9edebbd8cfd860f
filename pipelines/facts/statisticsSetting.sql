-- The statistics settings of each pack; what a pack leaves out takes the house's defaults.
SELECT p.packKey,
  coalesce(s.period, 'quarter') AS period,
  coalesce(s.fdr, 0.05) AS fdr,
  coalesce(s.minimumGroup, 30) AS minimumGroup,
  coalesce(s.minimumEvents, 5) AS minimumEvents,
  coalesce(s.material, 1.25) AS material,
  s.band,
  coalesce(s.suppressBelow, 10) AS suppressBelow
FROM pack p LEFT JOIN packStatistics s ON s.packKey = p.packKey
