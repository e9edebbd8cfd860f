-- Every object that holds a recording: its own and its copies. The version is stated of its own object only.
SELECT id AS recordingId, contactId, uri, versionId, lower(sha256) AS sha256, false AS copied FROM recording WHERE uri IS NOT NULL
UNION
SELECT id, contactId, "copy", NULL, NULL, true FROM (SELECT id, contactId, uri, unnest(copies) AS "copy" FROM recording WHERE copies IS NOT NULL) WHERE "copy" IS DISTINCT FROM uri
