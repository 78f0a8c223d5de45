/**
 * Shows a file of a migration folder in the editor of whoever sits at this computer. Nothing but a regular file that lies
 * within a configured folder, and never through a shell: names of files and folders come from others.
 */
import { spawn } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { basename, extname, join, sep } from 'node:path';
import { type Problem, ProblemError, raise } from '../../shared/problem.ts';
import { unreadable } from '../tools/common/folder.ts';
import type { Context } from './context.ts';
import { offlineSource } from './offlineSource.ts';

export interface EditorPlace {
  readonly environmentId: string;
  /** Relative to the folder with `/`. */
  readonly path: string;
  /** 1-based; null: its beginning. */
  readonly line: number | null;
}

/** @throws {ProblemError} `environment.notFound`, `source.unreadable`, `usage.invalid` */
export async function openInEditor(context: Context, { environmentId, path, line }: EditorPlace): Promise<void> {
  if (!context.host.atThisComputer) raise(elsewhere);
  const { path: root } = offlineSource(context, { kind: 'environment', nameOrId: environmentId });
  const file = await fileWithin(root, path);
  const command = editorCommand(file, line, process.platform, process.env);
  if (command === null) raise(noEditor(path));
  await start(command, path);
}

const elsewhere: Omit<Problem, 'state'> = {
  code: 'usage.invalid',
  message: 'A file can be opened only by who sits at the computer that Lockkeeper runs on.',
  hint: 'Open it there, or copy what is shown here.',
};

const noEditor = (path: string): Omit<Problem, 'state'> => ({
  code: 'usage.invalid',
  message: 'No editor with a window of its own is known.',
  hint: 'Set VISUAL or EDITOR to the program of an editor that opens a window, then start Lockkeeper again.',
  path,
});

/** The real path of a regular file, links followed. */
async function fileWithin(root: string, path: string): Promise<string> {
  const [base, file] = await Promise.all([realpath(root), realpath(join(root, path))]).catch((error: unknown) => {
    throw new ProblemError(unreadable(path, error), { cause: error });
  });
  const isWithin = file.startsWith(base.endsWith(sep) ? base : base + sep);
  if (isWithin && (await stat(file)).isFile()) return file;
  return raise({
    code: 'source.unreadable',
    message: `${path} is no file of the migration folder.`,
    hint: 'Only files of an environment’s folder are opened.',
    path,
  });
}

/** Program first. */
type Command = readonly [string, ...string[]];

/** Editors that need a terminal, which a window has none of. */
const inTerminal = /^(?:vi|vim|nvim|ex|ed|nano|pico|micro|joe|mcedit|helix|hx|kak|emacsclient|jed|ne|mg|zile|amp)$/;

/** Null: there is none. @param file an absolute path, so that it is never an option */
export function editorCommand(
  file: string,
  line: number | null,
  platform: NodeJS.Platform,
  variables: Readonly<Record<string, string | undefined>>,
): Command | null {
  for (const words of [variables['VISUAL'], variables['EDITOR']]) {
    const [program, ...args] = (words ?? '').split(/\s+/).filter((word) => word !== '');
    if (program === undefined) continue;
    const name = basename(program)
      .toLowerCase()
      .replace(/\.exe$/, '');
    // Windows runs such a file by its shell, which would read the path's own characters.
    if (inTerminal.test(name) || (name === 'emacs' && args.includes('-nw')) || /\.(?:cmd|bat)$/.test(name)) continue;
    return [program, ...args, ...placeArguments(name, file, line)];
  }
  return systemCommand(file, platform, variables);
}

function placeArguments(name: string, file: string, line: number | null): string[] {
  if (line === null) return [file];
  if (/^(?:code|code-insiders|codium|vscodium|cursor|windsurf)$/.test(name)) return ['--goto', `${file}:${line}`];
  if (/^(?:subl|sublime_text|zed|zeditor)$/.test(name)) return [`${file}:${line}`];
  if (/^(?:gedit|gvim|mvim|emacs|xed|pluma|mousepad|gnome-text-editor)$/.test(name)) return [`+${line}`, file];
  if (/^(?:kate|kwrite|idea|webstorm|datagrip|pycharm)$/.test(name)) return ['--line', String(line), file];
  if (name === 'notepad++') return [`-n${line}`, file];
  return [file];
}

/** Where the system itself chooses, only what it shows and never runs: a script may be a program to it. */
const shown = /^\.(?:sql|ddl|txt|md|xml|ya?ml|json|toml|properties|conf)$/;

function systemCommand(
  file: string,
  platform: NodeJS.Platform,
  variables: Readonly<Record<string, string | undefined>>,
): Command | null {
  // `-t`: as text, whatever the file is.
  if (platform === 'darwin') return ['open', '-t', file];
  if (platform === 'win32') return ['notepad.exe', file];
  const hasDisplay = [variables['DISPLAY'], variables['WAYLAND_DISPLAY']].some((one) => (one ?? '') !== '');
  return hasDisplay && shown.test(extname(file).toLowerCase()) ? ['xdg-open', file] : null;
}

/** Resolves when it was started; what the editor does then is its own. */
function start([program, ...args]: Command, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true, shell: false });
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
    child.once('error', (error) => {
      const problem = { ...noEditor(path), state: 'Nothing was changed.', serverMessage: error.message };
      reject(
        new ProblemError({ ...problem, message: `The editor “${program}” could not be started.` }, { cause: error }),
      );
    });
  });
}
