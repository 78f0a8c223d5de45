import { DataTypes, QueryInterface } from 'sequelize';

export async function up(queryInterface: QueryInterface): Promise<void> {
  await queryInterface.createTable('lendings', {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    tool_id: { type: DataTypes.INTEGER, allowNull: false },
    until: { type: DataTypes.DATEONLY, allowNull: false },
  });
  await queryInterface.sequelize.transaction(async (transaction) => {
    await queryInterface.bulkInsert('tools', [{ name: "The carpenter's drill" }, { name: 'Ladder' }], { transaction });
    const [tools] = await queryInterface.sequelize.query('SELECT id FROM tools ORDER BY id', { transaction });
    await queryInterface.bulkInsert(
      'lendings',
      tools.map((tool) => ({ tool_id: Reflect.get(tool, 'id'), until: '2026-02-01' })),
      { transaction },
    );
  });
}

export async function down(queryInterface: QueryInterface): Promise<void> {
  await queryInterface.dropTable('lendings');
}
