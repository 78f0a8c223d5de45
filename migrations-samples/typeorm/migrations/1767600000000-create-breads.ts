import { MigrationInterface, QueryRunner, Table } from 'typeorm';

export class CreateBreads1767600000000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(
      new Table({
        name: 'breads',
        columns: [
          { name: 'id', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
          { name: 'name', type: 'varchar', length: '100' },
        ],
      }),
    );
    await queryRunner.query("INSERT INTO breads (name) VALUES ('Rye'), ('Spelt')");
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('breads');
  }
}
