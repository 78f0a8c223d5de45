--liquibase formatted sql

--changeset noor:create-nights
--comment: Who looked, and when
CREATE TABLE nights (
  id integer NOT NULL PRIMARY KEY,
  telescope_id integer NOT NULL REFERENCES telescopes (id),
  observer varchar(80) NOT NULL
);
INSERT INTO nights (id, telescope_id, observer)
  SELECT 1, id, '${observer}' FROM telescopes WHERE name = 'Refractor';
--rollback DROP TABLE nights;

--changeset noor:clear-view runOnChange:true splitStatements:false
CREATE VIEW clear_nights AS SELECT id, observer FROM nights;
--rollback DROP VIEW clear_nights;
