const { Table } = require('typeorm');

module.exports = class {
  name = 'CreateLoaves1768200000000';

  async up(queryRunner) {
    await queryRunner.createTable(
      new Table({
        name: 'loaves',
        columns: [
          { name: 'id', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
          { name: 'bread_id', type: 'integer' },
          { name: 'grams', type: 'integer' },
        ],
      }),
    );
    const breads = await queryRunner.query('SELECT id FROM breads ORDER BY id');
    for (const { id } of breads) await queryRunner.query(`INSERT INTO loaves (bread_id, grams) VALUES (${Number(id)}, 750)`);
  }

  async down(queryRunner) {
    await queryRunner.dropTable('loaves');
  }
};
