exports.config = { transaction: false };

exports.up = async (knex) => {
  await knex.transaction(async (transaction) => {
    const changed = await transaction('waterings').where('litres', '>', 1).update({ litres: 1 });
    console.log(`${changed} waterings were too much`);
  });
  await knex.schema.alterTable('waterings', (table) => {
    table.index(['plant_id'], 'waterings_by_plant');
  });
};

exports.down = (knex) =>
  knex.schema.alterTable('waterings', (table) => {
    table.dropIndex(['plant_id'], 'waterings_by_plant');
  });
