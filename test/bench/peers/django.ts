import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { python } from '../../peers/python.ts';
import { type BenchPeer, inParts, ofDebian, writeFiles } from './peer.ts';

const backends = { postgres: 'postgresql', mariadb: 'mysql', sqlite: 'sqlite3' } as const;

export const django: BenchPeer = {
  id: 'django',
  transactions: 'each',
  install: () =>
    ofDebian(
      'python3-django, python3-psycopg2 and python3-pymysql',
      python,
      '-c',
      'import django, psycopg2, pymysql; print(django.__version__)',
    ),
  async write(project) {
    const source = join(project.folder, 'steps/migrations');
    await mkdir(source, { recursive: true });
    for (const migration of project.migrations) {
      const before = migration.number === 1 ? '' : `("steps", "${nameOf(migration.number - 1)}")`;
      const parts = inParts(project, migration, ['mariadb', 'sqlite']);
      await writeFile(join(source, `${nameOf(migration.number)}.py`), scriptOf(before, parts));
    }
    const package_ = { 'steps/__init__.py': '', 'steps/migrations/__init__.py': '' };
    await writeFiles(project.folder, { ...package_, 'settings.py': settings(backends[project.engine]) });
  },
  program: ({ connection }) => ({
    file: python,
    arguments: ['-m', 'django', 'migrate', '--no-color', '--verbosity', '1'],
    environment: {
      DJANGO_SETTINGS_MODULE: 'settings',
      PYTHONPATH: '.',
      CONNECTION: JSON.stringify({ ...connection, name: connection.filename ?? connection.database }),
    },
  }),
};

const nameOf = (number: number): string => `${String(number).padStart(4, '0')}_step`;

const scriptOf = (before: string, parts: string): string => `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [${before}]
    operations = [migrations.RunSQL(${parts})]
`;

/** Its usual driver for MySQL is another one than the one of alembic and yoyo. */
const settings = (backend: string): string => `import json
import os
import pymysql

pymysql.version_info = (1, 4, 3, "final", 0)
pymysql.install_as_MySQLdb()
CONNECTION = json.loads(os.environ["CONNECTION"])
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.${backend}",
        **{word.upper(): CONNECTION[word] for word in ("name", "host", "port", "user", "password") if word in CONNECTION},
    }
}
INSTALLED_APPS = ["steps"]
SECRET_KEY = "of a benchmark"
`;
