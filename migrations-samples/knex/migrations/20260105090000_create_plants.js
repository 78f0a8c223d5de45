const { named } = require('../lib/columns');

exports.up = (knex) =>
  knex.schema.createTable('plants', (table) => {
    table.increments();
    named(table);
    table.integer('pots').notNullable().defaultTo(1);
  });

exports.down = (knex) => knex.schema.dropTable('plants');
