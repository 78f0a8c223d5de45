/** Which files of a folder a bundle needs: as few as its tool reads the wanted migrations from, alike. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Migration, Script } from '../../../shared/model/migration.ts';
import { raise } from '../../../shared/problem.ts';
import { unreadable, walkFolder } from '../../tools/common/folder.ts';
import { compareBytes } from '../../tools/common/versions.ts';
import type { ReadOptions, ReadResult, Tool } from '../../tools/tool.ts';
import { containerLimits } from './container.ts';
import { unsafe } from './faults.ts';

export interface FolderRead {
  readonly root: string;
  readonly tool: Tool;
  readonly options: ReadOptions;
  readonly read: ReadResult;
}

/** Files beside the scripts that tools take settings from. */
const settings = /\.(?:json|ya?ml|xml|toml|conf|properties|plan|ini)$/i;

/** By path, in byte order. @throws {ProblemError} `source.unsupported` when no choice of files reads the same */
export async function filesFor(folder: FolderRead, wanted: readonly Migration[]): Promise<Map<string, Buffer>> {
  const { files } = await walkFolder(folder.root);
  const { migrations } = folder.read.source;
  const mine = new Set(wanted.flatMap(pathsOf));
  const others = new Set(migrations.flatMap(pathsOf).filter((one) => !mine.has(one)));
  const own = new Set(wanted.flatMap((migration) => ownFolder(migration, migrations)));
  const scripts = files.filter((one) => mine.has(one) || own.has(path.posix.dirname(one)));
  const needed = new Set(scripts);
  const choices = [
    (one: string) => needed.has(one),
    (one: string) => needed.has(one) || (settings.test(one) && !others.has(one)),
    (one: string) => !others.has(one),
    () => true,
  ];
  for (const isChosen of choices) {
    const chosen = await contentOf(folder.root, files.filter(isChosen));
    if (await readsAlike(folder, wanted, chosen)) return chosen;
  }
  return raise({
    code: 'source.unsupported',
    message:
      'The migrations read differently when their folder’s files are elsewhere, so they cannot be put into a bundle.',
    hint: 'Look for files that lie outside of the folder, or whose names begin with a dot.',
    path: folder.root,
  });
}

const scriptsOf = ({ up, down, verify }: Migration): Script[] => [up, down, verify].filter((one) => one !== null);

const pathsOf = (migration: Migration): string[] =>
  scriptsOf(migration).flatMap((script) =>
    script.kind === 'program' ? script.program.files.map((file) => file.path) : [script.path],
  );

/** Where nothing of another migration lies. */
function ownFolder({ up, historyKey }: Migration, migrations: readonly Migration[]): string[] {
  const folder = path.posix.dirname(up.path);
  const isShared = migrations.some(
    (other) => other.historyKey !== historyKey && pathsOf(other).some((one) => path.posix.dirname(one) === folder),
  );
  return folder === '.' || isShared ? [] : [folder];
}

async function contentOf(root: string, files: readonly string[]): Promise<Map<string, Buffer>> {
  const content = new Map<string, Buffer>();
  let total = 0;
  for (const file of [...files].sort(compareBytes)) {
    const bytes = await readFile(path.join(root, file)).catch((thrown: unknown) =>
      raise(unreadable(path.join(root, file), thrown), thrown),
    );
    total += bytes.length;
    if (total > containerLimits.total) unsafe('its files would be too large');
    content.set(file, bytes);
  }
  return content;
}

/** Read from a place of their own, as they will be at the site. */
async function readsAlike(
  folder: FolderRead,
  wanted: readonly Migration[],
  files: Map<string, Buffer>,
): Promise<boolean> {
  const place = await mkdtemp(path.join(tmpdir(), 'lockkeeper-bundle-'));
  try {
    await writeTree(place, files);
    const read = await folder.tool.read(place, folder.options);
    const keys = new Set(wanted.map(({ historyKey }) => historyKey));
    const found = read.source.migrations.filter(({ historyKey }) => keys.has(historyKey));
    const known = new Set(folder.read.problems.map(({ code, path: at }) => `${code} ${at}`));
    return (
      JSON.stringify(found.map(essence)) === JSON.stringify(wanted.map(essence)) &&
      JSON.stringify(folderWide(read)) === JSON.stringify(folderWide(folder.read)) &&
      read.problems.every(({ code, path: at }) => known.has(`${code} ${at}`))
    );
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

const folderWide = ({ rules, historyTable, source: { applicationVersion, applications } }: ReadResult) => ({
  ...{ rules, historyTable, applicationVersion, applications },
});

/** All but what depends on its neighbours or on the place of the folder. */
const essence = ({ previousKey: _previous, up, down, verify, ...rest }: Migration) => ({
  ...rest,
  scripts: [up, down, verify].map((script) =>
    script === null ? null : { kind: script.kind, path: script.path, line: script.line, sha256: script.sha256 },
  ),
});

/** Readable by this account only. */
export async function writeTree(root: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  for (const [file, content] of files) {
    const target = path.join(root, ...file.split('/'));
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(target, content, { flag: 'wx', mode: 0o600 });
  }
}
