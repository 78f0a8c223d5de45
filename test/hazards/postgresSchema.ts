/** Tables that are in use before a plan: what its statements meet. */
export const schema = `
CREATE TABLE teams (id bigint PRIMARY KEY, title text);
INSERT INTO teams SELECT i, 'team ' || i FROM generate_series(1, 50) i;
CREATE TABLE people (
  id bigint NOT NULL, code int NOT NULL, name varchar(20), note text, amount numeric(10,2), born timestamp, seen timestamptz,
  age int, email text, team_id bigint, kind char(3), flags bit(4), proven text, tags varchar(10)[], place inet, span interval(3),
  CONSTRAINT people_key PRIMARY KEY (id),
  CONSTRAINT people_proof CHECK (proven IS NOT NULL));
INSERT INTO people (id, code, name, amount, born, age, email, team_id, proven)
  SELECT i, i, 'name ' || i, i, '2020-01-01', i % 90, i || '@example.org', 1 + i % 50, 'yes' FROM generate_series(1, 500) i;
CREATE INDEX people_name ON people (name);
CREATE UNIQUE INDEX people_email ON people (email);
CREATE UNIQUE INDEX people_code ON people (code);
CREATE TABLE badges (id int PRIMARY KEY, person_id bigint CONSTRAINT badges_person REFERENCES people, team_id bigint, label text);
INSERT INTO badges SELECT i, i, 1 + i % 50, 'b' FROM generate_series(1, 200) i;
ALTER TABLE badges ADD CONSTRAINT badges_label CHECK (label <> '') NOT VALID;
ALTER TABLE badges ADD CONSTRAINT badges_team FOREIGN KEY (team_id) REFERENCES teams NOT VALID;
CREATE TABLE readings (taken date NOT NULL, value int) PARTITION BY RANGE (taken);
CREATE TABLE readings_2020 PARTITION OF readings FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE readings_2021 (taken date NOT NULL, value int);
INSERT INTO readings_2021 SELECT '2021-02-01', i FROM generate_series(1, 100) i;
CREATE TABLE readings_2022 (taken date NOT NULL, value int);
INSERT INTO readings_2020 SELECT '2020-02-01', i FROM generate_series(1, 100) i;
CREATE MATERIALIZED VIEW totals AS SELECT team_id, count(*) AS people FROM people GROUP BY team_id;
CREATE UNIQUE INDEX totals_team ON totals (team_id);
CREATE VIEW names AS SELECT id, code AS called FROM people;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER badges_touch BEFORE UPDATE ON badges FOR EACH ROW EXECUTE FUNCTION touch();
CREATE RULE badges_rule AS ON DELETE TO badges DO ALSO NOTHING;
CREATE POLICY badges_policy ON badges;
CREATE SEQUENCE numbers;
CREATE TYPE mood AS ENUM ('calm');
ANALYZE;`;
