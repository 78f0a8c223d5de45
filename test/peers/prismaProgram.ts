// Prisma's command line with its WebAssembly engine and driver adapters: its native engine is not in the registry, and on
// MySQL this one fails by itself.
import { npmPackages } from './install.ts';

export const prismaVersion = '6.19.0';

/** Gives the folder that it was installed in. */
export const installPrisma = (): Promise<string> =>
  npmPackages(
    {
      prisma: prismaVersion,
      '@prisma/adapter-pg': prismaVersion,
      '@prisma/adapter-better-sqlite3': prismaVersion,
      pg: '8.23.1',
    },
    { 'better-sqlite3': '13.2.0' },
  );

/** @param missing an empty file in the place of the native engines */
export const prismaEnvironment = (missing: string) => ({
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  PRISMA_QUERY_ENGINE_LIBRARY: missing,
  PRISMA_SCHEMA_ENGINE_BINARY: missing,
});

/** @param address JavaScript for the server's URL or the file's path */
export function prismaConfiguration(kind: 'postgres' | 'sqlite', address: string): string {
  const [name, from, options] =
    kind === 'sqlite'
      ? ['PrismaBetterSQLite3', '@prisma/adapter-better-sqlite3', `{ url: 'file:' + ${address} }`]
      : ['PrismaPg', '@prisma/adapter-pg', `{ connectionString: ${address}, allowExitOnIdle: true }`];
  return `import Result from 'pg/lib/result.js';
import { ${name} } from '${from}';
// Its engine asks for columns of the type "name", which this version of its adapter does not know: they are text.
const { addFields } = Result.prototype;
Result.prototype.addFields = function (fields) {
  for (const field of fields) if (field.dataTypeID === 19) field.dataTypeID = 25;
  return addFields.call(this, fields);
};
export default {
  experimental: { adapter: true },
  engine: 'js',
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
  adapter: async () => new ${name}(${options}),
};
`;
}
