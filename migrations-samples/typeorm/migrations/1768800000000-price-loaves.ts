import { MigrationInterface, QueryRunner, TableColumn, TableIndex } from 'typeorm';

export class PriceLoaves1768800000000 implements MigrationInterface {
  transaction = false;

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.addColumn('loaves', new TableColumn({ name: 'cents', type: 'integer', default: 350 }));
    await queryRunner.createIndex('loaves', new TableIndex({ name: 'loaves_by_bread', columnNames: ['bread_id'] }));
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex('loaves', 'loaves_by_bread');
    await queryRunner.dropColumn('loaves', 'cents');
  }
}
