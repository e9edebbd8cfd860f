-- One row a finding in the order of findings.ndjson; nested lists stay lists, free-form facts are JSON.
COPY (
  SELECT
    id, control, kind, severity, status, newBecause, "at"::TIMESTAMP AS "at", due::TIMESTAMP AS due, owner,
    contactId, recordingId, party, staff, reason, sentence, cause, remedy, rule, law, citations, evidence, contrary, searched, details
  FROM read_json($findings, format = 'newline_delimited', maximum_object_size = 67108864, columns = {
    id: 'VARCHAR', control: 'VARCHAR', kind: 'VARCHAR', severity: 'VARCHAR', status: 'VARCHAR', newBecause: 'VARCHAR', "at": 'VARCHAR', due: 'VARCHAR', owner: 'VARCHAR',
    contactId: 'VARCHAR', recordingId: 'VARCHAR', party: 'VARCHAR', staff: 'VARCHAR', reason: 'VARCHAR', sentence: 'VARCHAR', cause: 'VARCHAR', remedy: 'VARCHAR',
    rule: 'STRUCT(pack VARCHAR, version VARCHAR, ref VARCHAR)',
    law: 'STRUCT(jurisdiction VARCHAR, version VARCHAR, citation VARCHAR)[]',
    citations: 'VARCHAR[]',
    evidence: 'STRUCT(kind VARCHAR, id VARCHAR, source VARCHAR, object VARCHAR, versionId VARCHAR, line BIGINT, pointer VARCHAR, sha256 VARCHAR, objectSha256 VARCHAR)[]',
    contrary: 'STRUCT(kind VARCHAR, id VARCHAR, source VARCHAR, object VARCHAR, versionId VARCHAR, line BIGINT, pointer VARCHAR, sha256 VARCHAR, objectSha256 VARCHAR)[]',
    searched: 'STRUCT(kind VARCHAR, sources VARCHAR[], "from" VARCHAR, "to" VARCHAR, records BIGINT, names VARCHAR[])[]',
    details: 'JSON'
  })
) TO $parquet (FORMAT parquet, COMPRESSION zstd)
