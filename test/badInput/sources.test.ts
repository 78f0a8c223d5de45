// Folders that cannot be read as migrations: what is said, that nothing changes, and that the advice helps.
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SourceOverrides } from '../../electron/services/target.ts';
import {
  applied,
  attemptOf,
  expectRefusal,
  expectSuccess,
  type Files,
  fileOf,
  openDesk,
  pending,
  strangerIn,
  type Told,
} from './support.ts';

const towns = pending('create table towns (id integer);');
const good: Files = { ...applied, ...towns };
const streets = '-- migrate:up\ncreate table streets (id integer);\n-- migrate:down\n';
const plain = '-- lockkeeper:up\ncreate table streets (id integer);\n';

interface Case {
  readonly name: string;
  readonly files: Files;
  readonly told: Told;
  /** The folder after doing what the hint says. */
  readonly helped: Files;
  /** Options that the hint says. */
  readonly overrides?: SourceOverrides;
}

const cases: readonly Case[] = [
  {
    name: 'an empty folder',
    files: {},
    told: {
      code: 'source.empty',
      message: expect.stringContaining('is empty'),
      hint: expect.stringContaining('Choose'),
    },
    helped: good,
  },
  {
    name: 'unknown naming',
    files: { 'create.sql': 'create table towns (id integer);\n', 'readme.txt': 'x' },
    told: {
      code: 'source.unknownTool',
      message: expect.stringContaining('create.sql'),
      hint: expect.stringContaining('Choose'),
    },
    helped: good,
  },
  {
    name: 'mixed formats',
    files: { ...good, '3_streets.sql': plain },
    told: { code: 'source.ambiguousTool', hint: expect.stringContaining('--tool dbmate') },
    helped: good,
    overrides: { tool: 'dbmate' },
  },
  {
    name: 'a file of another format, when the tool is named',
    files: { ...good, '3_streets.sql': plain },
    told: {
      code: 'source.invalidSections',
      path: '3_streets.sql',
      line: 1,
      hint: expect.stringContaining('Put that line'),
    },
    helped: { ...good, '3_streets.sql': streets },
    overrides: { tool: 'dbmate' },
  },
  {
    name: 'two migrations with one version',
    files: { ...good, '2_streets.sql': streets },
    told: {
      code: 'source.duplicateVersion',
      path: '2_towns.sql',
      message: expect.stringContaining('2_streets.sql'),
      hint: expect.stringContaining('another version'),
    },
    helped: { ...good, '3_streets.sql': streets },
  },
  {
    name: 'a down without an up, in one file',
    files: { ...applied, '2_towns.sql': '-- migrate:down\ndrop table towns;\n' },
    told: {
      code: 'source.invalidSections',
      path: '2_towns.sql',
      line: 1,
      message: expect.stringContaining('migrate:up'),
    },
    helped: good,
  },
  {
    name: 'a down without an up, in two files',
    files: { '2_towns.up.sql': 'create table towns (id integer);\n', '3_streets.down.sql': 'drop table streets;\n' },
    told: {
      code: 'source.downWithoutUp',
      path: '3_streets.down.sql',
      hint: expect.stringContaining('3_streets.up.sql'),
    },
    helped: {
      '2_towns.up.sql': 'create table towns (id integer);\n',
      '3_streets.up.sql': 'create table streets (id integer);\n',
      '3_streets.down.sql': 'drop table streets;\n',
    },
    overrides: { tool: 'lockkeeper', historyTable: 'lockkeeper_history' },
  },
  {
    name: 'a script in Latin-1',
    files: {
      ...applied,
      '2_towns.sql': Buffer.from("-- migrate:up\nselect 1;\nselect 'Zürich';\n-- migrate:down\n", 'latin1'),
    },
    told: {
      code: 'script.notUtf8',
      path: '2_towns.sql',
      line: 3,
      hint: expect.stringContaining('Save the file as UTF-8'),
    },
    helped: { ...applied, ...pending("select 'Zürich';") },
  },
  {
    name: 'a script in UTF-16',
    files: { ...applied, '2_towns.sql': Buffer.from('\ufeff-- migrate:up\nselect 1;\n-- migrate:down\n', 'utf16le') },
    told: { code: 'script.notUtf8', path: '2_towns.sql', line: 1, hint: expect.stringContaining('UTF-16') },
    helped: { ...applied, ...pending('select 1;') },
  },
];

describe('is refused, and accepted once the hint was followed:', () => {
  it.each(cases)('$name', async ({ files, told, helped, overrides = {} }) => {
    await using desk = await openDesk('sqlite');
    await desk.fill(files);
    const guessed = told.code === 'source.ambiguousTool';
    await expectRefusal(desk, told, () => desk.up(guessed ? {} : { overrides }));
    await desk.fill(helped);
    await expectSuccess(desk.up({ overrides }));
  });

  it('a folder that is not there, or is a file', async () => {
    await using desk = await openDesk('sqlite');
    const elsewhere = path.join(desk.folder, 'elsewhere');
    await desk.fill(good);
    await rename(desk.source, elsewhere);
    const told = { code: 'source.unreadable', path: desk.source } as const;
    await expectRefusal(desk, { ...told, message: expect.stringContaining('does not exist') });
    await writeFile(desk.source, '');
    await expectRefusal(desk, { ...told, hint: 'Choose the folder that holds the migrations.' });
    await rm(desk.source);
    await rename(elsewhere, desk.source);
    await expectSuccess(desk.up());
  });

  it('an empty folder, in which a first migration is begun', async () => {
    await using desk = await openDesk('sqlite');
    await desk.fill({});
    const told = { code: 'source.empty', hint: expect.stringContaining('lockkeeper new NAME') } as const;
    await expectRefusal(desk, told, async () => attemptOf(await desk.call(['up'])));
    expect((await desk.call(['new', 'Add towns'])).code).toBe(0);
    const status = await desk.call(['status', '--history-table', 'lockkeeper_history']);
    expect(status.json()).toMatchObject({ counts: { pending: 1 } });
  });

  it('a folder or a file that this account may not read', async () => {
    await using desk = await openDesk('sqlite');
    await desk.fill(good);
    const home = path.join(desk.folder, 'home');
    await mkdir(home);
    const file = fileOf(desk.database);
    const script = path.join(desk.source, '2_towns.sql');
    const account = await strangerIn(desk.folder, home, desk.source, script, path.dirname(file), file);
    const up = async () => attemptOf(await desk.call(['up'], account));
    const told = { code: 'source.unreadable', hint: 'Give this account the right to read it.' } as const;
    await chmod(script, 0);
    await expectRefusal(desk, { ...told, path: '2_towns.sql' }, up);
    await chmod(script, 0o644);
    await chmod(desk.source, 0);
    await expectRefusal(desk, { ...told, path: desk.source }, up);
    await chmod(desk.source, 0o755);
    await expectSuccess(up());
  });
});
