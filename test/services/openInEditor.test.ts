import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Context } from '../../electron/services/context.ts';
import { addEnvironment } from '../../electron/services/environments.ts';
import { editorCommand, openInEditor } from '../../electron/services/openInEditor.ts';
import { testBackend, writeFolder } from './backend.ts';

afterEach(() => vi.unstubAllEnvs());

describe('the command', () => {
  const file = '/srv/a b/$(touch x);1.sql';
  test.each([
    [{ VISUAL: 'code --wait' }, 7, ['code', '--wait', '--goto', `${file}:7`]],
    [{ VISUAL: '/opt/subl' }, 7, ['/opt/subl', `${file}:7`]],
    [{ EDITOR: 'gedit' }, 7, ['gedit', '+7', file]],
    [{ EDITOR: 'gedit' }, null, ['gedit', file]],
    [{ VISUAL: 'vim', EDITOR: 'kate' }, 7, ['kate', '--line', '7', file]],
    [{ VISUAL: 'our-editor' }, 7, ['our-editor', file]],
    [{ VISUAL: 'vim', EDITOR: 'nano', DISPLAY: ':0' }, 7, ['xdg-open', file]],
    [{ EDITOR: 'emacs -nw' }, 7, null],
    [{}, 7, null],
  ] as const)('with %o', (variables, line, expected) => {
    expect(editorCommand(file, line, 'linux', variables)).toEqual(expected);
  });

  test('leaves to the system only what it shows and never runs', () => {
    const display = { DISPLAY: ':0' };
    expect(editorCommand('/a/1.sql', 1, 'linux', display)).toEqual(['xdg-open', '/a/1.sql']);
    for (const name of ['1.js', '1.sh', '1.desktop', '1.py', '1'])
      expect(editorCommand(`/a/${name}`, 1, 'linux', display)).toBeNull();
    expect(editorCommand('C:\\a\\1.js', 1, 'win32', { VISUAL: 'code.cmd' })).toEqual(['notepad.exe', 'C:\\a\\1.js']);
    expect(editorCommand('/a/1.js', 1, 'darwin', {})).toEqual(['open', '-t', '/a/1.js']);
  });
});

/** An editor that writes down with what it was called. */
async function editorIn(folder: string): Promise<{ program: string; called: () => Promise<string> }> {
  const program = path.join(folder, 'editor');
  const log = path.join(folder, 'called');
  await writeFile(program, `#!/bin/sh\nprintf '%s\\n' "$#" "$@" > '${log}.part'\nmv '${log}.part' '${log}'\n`);
  await chmod(program, 0o755);
  return { program, called: () => vi.waitFor(() => readFile(log, 'utf8'), { timeout: 10_000 }) };
}

async function withFolder(
  work: (context: Context, environmentId: string, source: string, folder: string) => Promise<void>,
) {
  await using test = await testBackend();
  const { context } = test.backend;
  const name = '1_$(touch pwned); `id` & "x.sql';
  const source = await writeFolder(test.folder, { [name]: 'select 1;\n' });
  const environment = await addEnvironment(context, {
    name: 'till',
    tier: 'development',
    colour: 'green',
    group: '',
    connection: { engine: 'sqlite', file: path.join(test.folder, 'till.db') },
    source: { path: source },
    secret: null,
  });
  await work(context, environment.id, source, test.folder);
}

describe.skipIf(process.platform === 'win32')('a file', () => {
  test('reaches the editor as one argument, whatever its name is', () =>
    withFolder(async (context, environmentId, source, folder) => {
      const { program, called } = await editorIn(folder);
      vi.stubEnv('VISUAL', program);
      const name = '1_$(touch pwned); `id` & "x.sql';
      await openInEditor(context, { environmentId, path: name, line: 3 });
      expect(await called()).toBe(`1\n${path.join(source, name)}\n`);
    }));

  test.each(['../secret.sql', '/etc/passwd', 'link.sql', 'sub', '.', 'missing.sql'])(
    'that is not in the folder is not opened: %s',
    (wanted) =>
      withFolder(async (context, environmentId, source, folder) => {
        await writeFile(path.join(folder, 'secret.sql'), 'select 1;\n');
        await symlink(path.join(folder, 'secret.sql'), path.join(source, 'link.sql'));
        await mkdir(path.join(source, 'sub'));
        vi.stubEnv('VISUAL', path.join(folder, 'no-editor'));
        await expect(openInEditor(context, { environmentId, path: wanted, line: null })).rejects.toMatchObject({
          problem: { code: 'source.unreadable' },
        });
      }),
  );

  test('of an editor that is not there is told', () =>
    withFolder(async (context, environmentId, source, folder) => {
      await writeFile(path.join(source, '2.sql'), 'select 2;\n');
      vi.stubEnv('VISUAL', path.join(folder, 'no-editor'));
      await expect(openInEditor(context, { environmentId, path: '2.sql', line: null })).rejects.toMatchObject({
        problem: { code: 'usage.invalid', message: expect.stringContaining('could not be started') },
      });
    }));

  test('is not shown to who sits elsewhere', () =>
    withFolder(async (context, environmentId, _source, folder) => {
      const { program } = await editorIn(folder);
      vi.stubEnv('VISUAL', program);
      const remote = { ...context, host: { ...context.host, atThisComputer: false } };
      await expect(openInEditor(remote, { environmentId, path: '1.sql', line: null })).rejects.toMatchObject({
        problem: { code: 'usage.invalid' },
      });
    }));
});
