import { DataSource } from 'typeorm';

export const bakery = new DataSource({
  type: 'postgres',
  url: process.env.DATABASE_URL,
  migrations: [`${import.meta.dirname}/migrations/*`],
  migrationsTableName: 'migrations',
  migrationsTransactionMode: 'each',
});
