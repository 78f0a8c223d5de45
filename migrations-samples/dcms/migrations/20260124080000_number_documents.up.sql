ALTER TABLE documents ADD COLUMN position INTEGER NOT NULL DEFAULT 1;
SELECT count(*) AS documents FROM documents;
