-- An escalation was asked for, and it took place too late or not at all.
SELECT * EXCLUDE (type) FROM promiseVerdict WHERE type = 'escalation-requested'
ORDER BY unit
