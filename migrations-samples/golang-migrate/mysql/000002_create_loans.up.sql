CREATE TABLE loans (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  tool_id bigint NOT NULL REFERENCES tools (id),
  due date NOT NULL
);
