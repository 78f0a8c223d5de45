--! Previous: -
--! Hash: sha1:93d3b5fa195c85552c4af6a6b40047f8237172c6
--! Message: Create gardens

create table gardens (
  id bigint generated always as identity primary key,
  name text not null
);
comment on table gardens is 'of :DATABASE_NAME';
