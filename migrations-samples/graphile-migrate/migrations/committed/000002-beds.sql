--! Previous: sha1:93d3b5fa195c85552c4af6a6b40047f8237172c6
--! Hash: sha1:c553879dff6a1a034845a258134a6713493d25f3
--! Message: Create beds

create table beds (
  id bigint generated always as identity primary key,
  garden_id bigint not null references gardens,
  planted date
);
