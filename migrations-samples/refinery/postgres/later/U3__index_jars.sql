CREATE INDEX jars_content_idx ON jars (content);
