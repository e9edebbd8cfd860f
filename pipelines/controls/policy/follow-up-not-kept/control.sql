-- A follow-up was promised for a time, and it took place too late or not at all.
SELECT * EXCLUDE (type) FROM promiseVerdict WHERE type = 'follow-up-promised'
ORDER BY unit
