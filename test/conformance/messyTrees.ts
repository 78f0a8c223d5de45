// How each tool lays out a migration in files, so that the same mess can be made in every tool's tree.
import { createHash } from 'node:crypto';

export type Files = Readonly<Record<string, string | Buffer>>;

/** A migration that somebody wrote. */
export interface Written {
  /** 1, 2, 3 …: every tool has its own kind of version for it. */
  readonly number: number;
  readonly name: string;
  /** SQL; for tools of code, that same text in a string of it. */
  readonly up: string;
  /** Null: nobody wrote a way back. */
  readonly down: string | null;
}

export interface Layout {
  readonly tool: string;
  /** The whole tree, with what the tool keeps beside its migrations. */
  readonly tree: (migrations: readonly Written[]) => Files;
}

const filed = (layout: (migration: Written) => Files) => (migrations: readonly Written[]) =>
  Object.assign({}, ...migrations.map(layout)) as Files;

const withDown = (path: string, down: string | null): Files => (down === null ? {} : { [path]: down });
const padded = (number: number, length: number): string => String(number).padStart(length, '0');
const stamp = (number: number): string => `202601${padded(number, 2)}090000`;
const millis = (number: number): number => 1767600000000 + number * 86_400_000;
const underscored = (name: string): string => name.replaceAll(' ', '_');

const sections = (up: string, down: string | null, marks: readonly [string, string]): string =>
  `${marks[0]}\n${up}${down === null ? '' : `\n${marks[1]}\n${down}`}`;

/** Text in a template string of JavaScript. */
const quoted = (sql: string): string => `\`${sql.replace(/[\\`$]/g, '\\$&')}\``;

const javaScript = (call: string, { up, down }: Written): string =>
  [
    `exports.up = async (db) => { await db.${call}(${quoted(up)}); };`,
    ...(down === null ? [] : [`exports.down = async (db) => { await db.${call}(${quoted(down)}); };`]),
    '',
  ].join('\n');

const python = (text: string): string => `"""${text.replace(/[\\"]/g, '\\$&')}"""`;

const graphileMigrate = (migrations: readonly Written[]): Files => {
  let previous = '-';
  const files: Record<string, string> = {};
  for (const { number, up } of migrations) {
    const body = `${up.trim()}\n`;
    const hashed = `${previous === '-' ? '' : previous}\n${body.trim()}`.trim();
    const hash = `sha1:${createHash('sha1').update(`${hashed}\n`).digest('hex')}`;
    files[`committed/${padded(number, 6)}.sql`] = `--! Previous: ${previous}\n--! Hash: ${hash}\n\n${body}`;
    previous = hash;
  }
  return files;
};

export const layouts: readonly Layout[] = [
  {
    tool: 'lockkeeper',
    tree: filed(({ number, name, up, down }) => ({
      [`${number}.0_${underscored(name)}.sql`]: sections(up, down, ['-- lockkeeper:up', '-- lockkeeper:down']),
    })),
  },
  {
    tool: 'dbmate',
    tree: filed(({ number, name, up, down }) => ({
      [`${stamp(number)}_${underscored(name)}.sql`]: sections(up, down, ['-- migrate:up', '-- migrate:down']),
    })),
  },
  {
    tool: 'hmis',
    tree: filed(({ number, up, down }) => ({
      [`v1.${number}.0/migration.sql`]: up,
      ...withDown(`v1.${number}.0/rollback.sql`, down),
    })),
  },
  {
    tool: 'guest-registration',
    tree: filed(({ number, name, up, down }) => ({
      [`20260101_${padded(number, 6)}_1.${number}.0_${underscored(name)}.sql`]: sections(up, down, [
        '-- Up Migration',
        '-- Down Migration (Rollback)',
      ]),
    })),
  },
  {
    tool: 'dcms',
    tree: filed(({ number, name, up, down }) => ({
      [`${stamp(number)}_${underscored(name)}.up.sql`]: up,
      ...withDown(`${stamp(number)}_${underscored(name)}.down.sql`, down),
    })),
  },
  {
    tool: 'node-pg-migrate',
    tree: filed(({ number, name, up, down }) => ({
      [`${millis(number)}_${underscored(name)}.sql`]: sections(up, down, ['-- Up Migration', '-- Down Migration']),
    })),
  },
  {
    tool: 'flyway',
    tree: filed(({ number, name, up, down }) => ({
      [`V${number}__${underscored(name)}.sql`]: up,
      ...withDown(`U${number}__${underscored(name)}.sql`, down),
    })),
  },
  {
    tool: 'goose',
    tree: filed(({ number, name, up, down }) => ({
      [`${padded(number, 5)}_${underscored(name)}.sql`]: sections(up, down, ['-- +goose Up', '-- +goose Down']),
    })),
  },
  {
    tool: 'golang-migrate',
    tree: filed(({ number, name, up, down }) => ({
      [`${padded(number, 6)}_${underscored(name)}.up.sql`]: up,
      ...withDown(`${padded(number, 6)}_${underscored(name)}.down.sql`, down),
    })),
  },
  {
    tool: 'knex',
    tree: filed((migration) => ({
      [`${stamp(migration.number)}_${underscored(migration.name)}.js`]: javaScript('raw', migration),
    })),
  },
  {
    tool: 'umzug',
    tree: filed((migration) => ({
      [`${stamp(migration.number)}-${underscored(migration.name)}.js`]: javaScript('sequelize.query', migration),
    })),
  },
  {
    tool: 'typeorm',
    tree: filed(({ number, name, up, down }) => {
      const title = `${name.replaceAll(' ', '')}${millis(number)}`;
      return {
        [`${millis(number)}-${underscored(name)}.js`]: [
          `exports.${title} = class ${title} {`,
          `  async up(runner) { await runner.query(${quoted(up)}); }`,
          `  async down(runner) { ${down === null ? '' : `await runner.query(${quoted(down)});`} }`,
          '};',
          '',
        ].join('\n'),
      };
    }),
  },
  {
    tool: 'prisma',
    tree: (migrations) => ({
      ...filed(({ number, name, up, down }) => ({
        [`${stamp(number)}_${underscored(name)}/migration.sql`]: up,
        ...withDown(`${stamp(number)}_${underscored(name)}/down.sql`, down),
      }))(migrations),
      'migration_lock.toml': 'provider = "postgresql"\n',
    }),
  },
  {
    tool: 'sqlx',
    tree: filed(({ number, name, up, down }) =>
      down === null
        ? { [`${stamp(number)}_${underscored(name)}.sql`]: up }
        : {
            [`${stamp(number)}_${underscored(name)}.up.sql`]: up,
            [`${stamp(number)}_${underscored(name)}.down.sql`]: down,
          },
    ),
  },
  {
    tool: 'refinery',
    tree: filed(({ number, name, up }) => ({ [`V${number}__${underscored(name)}.sql`]: up })),
  },
  {
    tool: 'diesel',
    tree: filed(({ number, name, up, down }) => ({
      [`${stamp(number)}_${underscored(name)}/up.sql`]: up,
      ...withDown(`${stamp(number)}_${underscored(name)}/down.sql`, down),
    })),
  },
  {
    tool: 'liquibase',
    tree: (migrations) => ({
      'changelog.sql': `--liquibase formatted sql\n${migrations
        .map(({ number, name, up, down }) =>
          [
            `--changeset ida:${number}-${underscored(name)}`,
            up,
            ...(down === null ? [] : [`--rollback ${down.trim()}`]),
            '',
          ].join('\n'),
        )
        .join('')}`,
    }),
  },
  {
    tool: 'drizzle',
    tree: (migrations) => {
      const tag = ({ number, name }: Written) => `${padded(number, 4)}_${underscored(name)}`;
      const entries = migrations.map((migration, idx) => ({
        idx,
        version: '7',
        when: millis(migration.number),
        tag: tag(migration),
        breakpoints: true,
      }));
      return {
        ...filed((migration) => ({ [`${tag(migration)}.sql`]: migration.up }))(migrations),
        'meta/_journal.json': JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
      };
    },
  },
  { tool: 'graphile-migrate', tree: graphileMigrate },
  {
    tool: 'postgrator',
    tree: filed(({ number, name, up, down }) => ({
      [`${padded(number, 3)}.do.${underscored(name)}.sql`]: up,
      ...withDown(`${padded(number, 3)}.undo.${underscored(name)}.sql`, down),
    })),
  },
  {
    tool: 'rails',
    tree: filed(({ number, name, up }) => ({
      [`${stamp(number)}_${underscored(name)}.rb`]: `class Step${number} < ActiveRecord::Migration[7.1]\n  def change\n    execute ${JSON.stringify(up)}\n  end\nend\n`,
    })),
  },
  {
    tool: 'sqitch',
    tree: (migrations) => ({
      ...filed(({ number, up, down }) => ({
        [`deploy/step${number}.sql`]: up,
        ...withDown(`revert/step${number}.sql`, down),
      }))(migrations),
      'sqitch.conf': '[core]\n\tengine = pg\n',
      'sqitch.plan': `%syntax-version=1.0.0\n%project=messy\n\n${migrations
        .map(
          ({ number, name }) =>
            `step${number} 2026-01-${padded(number, 2)}T09:00:00Z Ida Berg <ida@example.org> # ${name}\n`,
        )
        .join('')}`,
    }),
  },
  {
    tool: 'alembic',
    tree: (migrations) => ({
      'env.py': 'from alembic import context\n',
      'script.py.mako': '',
      ...filed(({ number, name, up }) => ({
        [`versions/${padded(number, 12)}_${underscored(name)}.py`]: `revision = "${padded(number, 12)}"\ndown_revision = ${
          number === migrations[0]?.number
            ? 'None'
            : `"${padded(migrations.filter((other) => other.number < number).at(-1)?.number ?? 0, 12)}"`
        }\n\n\ndef upgrade():\n    op.execute(${python(up)})\n\n\ndef downgrade():\n    pass\n`,
      }))(migrations),
    }),
  },
  {
    tool: 'django',
    tree: (migrations) => ({
      'shop/__init__.py': '',
      'shop/migrations/__init__.py': '',
      ...filed(({ number, name, up }) => {
        const before = migrations.filter((other) => other.number < number).at(-1);
        const dependency =
          before === undefined ? '' : `("shop", "${padded(before.number, 4)}_${underscored(before.name)}")`;
        return {
          [`shop/migrations/${padded(number, 4)}_${underscored(name)}.py`]: `from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = [${dependency}]\n    operations = [migrations.RunSQL(${python(up)})]\n`,
        };
      })(migrations),
    }),
  },
];
