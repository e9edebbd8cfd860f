-- Each client that accesses came from: address, country and program as the log states them; an access of which it states none
-- has no client. Its rowid is what other facts call client.
SELECT DISTINCT ip, country, userAgent FROM access WHERE ip IS NOT NULL OR country IS NOT NULL OR userAgent IS NOT NULL
