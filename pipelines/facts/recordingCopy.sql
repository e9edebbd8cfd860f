-- Every object that holds a recording: its own and its copies. The version is stated of its own object only.
SELECT id AS recordingId, contactId, uri, versionId, lower(sha256) AS sha256, false AS copied FROM recording WHERE uri IS NOT NULL
UNION
SELECT r.id, r.contactId, c.uri, NULL, NULL, true FROM recording r, unnest(r.copies) AS c(uri) WHERE c.uri IS DISTINCT FROM r.uri
