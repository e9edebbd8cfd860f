-- Recordings that a hold covers at the run's as-of: `sure` ids of such holds, or `doubt` where only doubtful ones do.
SELECT h.recordingId, list_sort(list(DISTINCT h.holdId)) AS holds, bool_or(h.doubt IS NULL) AS sure,
  CASE WHEN bool_or(h.doubt IS NULL) THEN NULL ELSE min(h.doubt) END AS doubt
FROM holdCover h CROSS JOIN run
WHERE h."from" <= run."asOf" AND (h.until IS NULL OR run."asOf" < h.until)
GROUP BY h.recordingId
