-- From when which target is counted, under packs that give working hours: distinct, so that many contacts cost little.
-- target = the term in words, because P1D and PT24H are equal as intervals and not as targets;
-- base = the start with the target's months added, by the calendar; days and micros are left to count.
WITH counted AS (
  SELECT packKey, channel, queue, waitedFrom AS begun, within AS term, within::VARCHAR AS target FROM firstResponse SEMI JOIN packServiceHours h ON h.packKey = firstResponse.packKey WHERE within IS NOT NULL
  UNION
  SELECT packKey, channel, queue, base, term, term::VARCHAR FROM servicePromise SEMI JOIN packServiceHours h ON h.packKey = servicePromise.packKey WHERE base IS NOT NULL
),
parted AS (
  SELECT c.*, extract(year FROM term) * 12 + extract(month FROM term) AS months, extract(day FROM term)::BIGINT AS days
  FROM counted c
  WHERE c.term > INTERVAL 0 SECOND
)
SELECT packKey, channel, queue, begun, target, begun + to_months(months::INTEGER) AS base, days,
  epoch_us(TIMESTAMP '1970-01-01' + (term - to_months(months::INTEGER) - to_days(days::INTEGER))) AS micros
FROM parted
