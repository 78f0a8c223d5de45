/** Its own command line, as its launcher starts it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installLiquibase, jdbcAddress, liquibaseClasses, liquibaseVersion } from '../../peers/liquibaseProgram.ts';
import { type BenchPeer, ofDebian, writeFiles } from './peer.ts';

export const liquibase: BenchPeer = {
  id: 'liquibase',
  transactions: 'each',
  async install() {
    await ofDebian('default-jre-headless', 'java', '-version');
    return { folder: await installLiquibase(), version: liquibaseVersion };
  },
  async write({ folder, migrations }) {
    const source = join(folder, 'migrations');
    await mkdir(source);
    for (const { version, sql } of migrations)
      await writeFile(
        join(source, `${version}.sql`),
        `--liquibase formatted sql\n--changeset bench:${version}\n${sql}`,
      );
    await writeFiles(folder, { 'changelog.yaml': 'databaseChangeLog:\n  - includeAll:\n      path: migrations/\n' });
  },
  program({ installed, folder, engine, url }) {
    const { classPath, main, home } = liquibaseClasses(installed);
    const address = jdbcAddress({ engine: engine === 'postgres' ? 'postgres15' : engine, url });
    return {
      file: 'java',
      arguments: [
        ...[`-Dliquibase.home=${home}`, '-cp', classPath, main, '--log-level=severe', '--show-banner=false'],
        ...[`--url=${address.url}`, 'update', '--changelog-file=changelog.yaml'],
      ],
      environment: {
        HOME: folder,
        LIQUIBASE_HOME: home,
        LIQUIBASE_COMMAND_USERNAME: address.user,
        LIQUIBASE_COMMAND_PASSWORD: address.password,
      },
    };
  },
};
