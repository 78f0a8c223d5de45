exports.named = (table) => {
  table.string('name', 100).notNullable();
};
