CREATE TABLE loans (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tool_id bigint NOT NULL REFERENCES tools (id),
  due date NOT NULL
);
