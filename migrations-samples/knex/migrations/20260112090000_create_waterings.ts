import { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('waterings', (table) => {
    table.increments();
    table.integer('plant_id').notNullable();
    table.decimal('litres', 6, 2).notNullable();
  });
  const [plant] = await knex('plants').insert({ name: "Swiss cheese plant, the gardener's", pots: 2 }, ['id']);
  const id = typeof plant === 'object' ? plant.id : plant;
  await knex('waterings').insert([
    { plant_id: id, litres: 0.75 },
    { plant_id: id, litres: 1.5 },
  ]);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('waterings');
}
