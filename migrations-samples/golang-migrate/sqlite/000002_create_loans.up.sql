CREATE TABLE loans (
  id integer PRIMARY KEY,
  tool_id bigint NOT NULL REFERENCES tools (id),
  due date NOT NULL
);
