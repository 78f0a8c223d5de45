import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { python } from '../../peers/python.ts';
import { type BenchPeer, inParts, ofDebian, type PeerRun, writeFiles } from './peer.ts';

export const alembic: BenchPeer = {
  id: 'alembic',
  transactions: 'all',
  install: () =>
    ofDebian(
      'alembic, python3-psycopg2 and python3-pymysql',
      python,
      '-c',
      'import alembic, psycopg2, pymysql; print(alembic.__version__)',
    ),
  async write(project) {
    const versions = join(project.folder, 'bench/versions');
    await mkdir(versions, { recursive: true });
    for (const migration of project.migrations) {
      const before = migration.number === 1 ? 'None' : `"${migration.number - 1}"`;
      const parts = inParts(project, migration, ['mariadb', 'sqlite']);
      await writeFile(join(versions, `${migration.version}_step.py`), scriptOf(migration.number, before, parts));
    }
    await writeFiles(project.folder, {
      'alembic.ini': '[alembic]\nscript_location = bench\n',
      'bench/env.py': environment,
    });
  },
  program: (run) => ({
    file: python,
    arguments: ['-m', 'alembic', 'upgrade', 'head'],
    environment: { URL: urlOf(run) },
  }),
};

const scriptOf = (number: number, before: string, parts: string): string => `from alembic import op

revision = "${number}"
down_revision = ${before}


def upgrade():
    for sql in ${parts}:
        op.get_bind().exec_driver_sql(sql)


def downgrade():
    pass
`;

const environment = `import os
from alembic import context
from sqlalchemy import create_engine, pool

with create_engine(os.environ["URL"], poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
`;

function urlOf({ engine, url, connection: { filename } }: PeerRun): string {
  if (filename !== undefined) return `sqlite:///${filename}`;
  return url.replace(/^\w+:/, engine === 'mariadb' ? 'mysql+pymysql:' : 'postgresql+psycopg2:');
}
