import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchPeer, inParts, ofDebian, writeFiles } from './peer.ts';

const program = fileURLToPath(new URL('../../peers/activeRecord.rb', import.meta.url));
const ruby = '/usr/bin/ruby';
const adapters = { postgres: 'postgresql', mariadb: 'mysql2', sqlite: 'sqlite3' } as const;

export const activeRecord: BenchPeer = {
  id: 'activerecord',
  transactions: 'each',
  install: () =>
    ofDebian(
      'ruby-activerecord, ruby-pg, ruby-mysql2 and ruby-sqlite3',
      ruby,
      '-e',
      '%w[active_record pg mysql2 sqlite3].each { |name| require name }; puts ActiveRecord.gem_version',
    ),
  async write(project) {
    const source = join(project.folder, 'migrate');
    await mkdir(source);
    for (const migration of project.migrations) {
      const parts = inParts(project, migration, ['mariadb', 'sqlite']);
      const name = `Step${migration.number}`;
      await writeFiles(source, { [`${migration.version}_step${migration.number}.rb`]: scriptOf(name, parts) });
    }
  },
  program({ engine, connection: { filename, user, ...server } }) {
    const where = filename === undefined ? { username: user, ...server } : { database: filename };
    return {
      file: ruby,
      arguments: [program, 'migrate', 'up'],
      environment: { LANG: 'C.UTF-8', DATABASE: JSON.stringify({ adapter: adapters[engine], ...where }) },
    };
  },
};

const scriptOf = (name: string, parts: string): string => `class ${name} < ActiveRecord::Migration[6.1]
  def up
    ${parts}.each { |sql| execute(sql) }
  end
end
`;
