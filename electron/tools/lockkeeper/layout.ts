/** Which files of a folder belong to which migration of our own format. */
import { extname } from 'node:path';
import type { Problem } from '../../../shared/problem.ts';
import { type Folder, listFolder } from '../common/folder.ts';
import { groupByBase } from '../common/pairs.ts';
import { downWithoutUp, printable, sourceProblem } from '../common/problems.ts';
import { isCode } from '../programs/readProgram.ts';

/** `v1.2.0_create_users`: an optional v, numbers between dots, and a name after `_` or `-`. */
const baseName = /^v?(\d+(?:\.\d+)*)(?:[_-](.*))?$/is;

const scriptName = /^(.*?)(?:\.(up|down|verify))?\.sql$/is;

/** The files of one migration, as paths relative to the root. */
export interface Parts {
  readonly version: string;
  readonly name: string;
  /** One file with sections, a pair or folder of whole files, or a module of JavaScript or TypeScript. */
  readonly form: 'sections' | 'files' | 'program';
  readonly up: string;
  readonly down: string | null;
  readonly verify: string | null;
  readonly metadata: string | null;
}

export interface Layout {
  readonly parts: readonly Parts[];
  readonly problems: readonly Problem[];
  readonly notices: readonly Problem[];
}

export const manifestName = 'lockkeeper.json';
const metadataNames = ['migration.json', 'info.json'];

export async function layoutOf(root: string): Promise<Layout> {
  const top = await listFolder(root);
  const layouts = [filesOf(top)];
  for (const folder of top.folders) {
    if (baseName.test(folder)) layouts.push(await folderOf(root, folder));
  }
  return {
    parts: layouts.flatMap((layout) => layout.parts),
    problems: [...top.problems, ...layouts.flatMap((layout) => layout.problems)],
    notices: layouts.flatMap((layout) => layout.notices),
  };
}

/** Single files and pairs at the root. */
function filesOf(folder: Folder): Layout {
  const parts: Parts[] = [];
  const problems: Problem[] = [];
  const scripts = folder.files.filter((file) => /\.sql$/i.test(file) && !file.startsWith('.'));
  const [named, unnamed] = [
    scripts.filter((file) => baseName.test(baseOf(file))),
    scripts.filter((file) => !baseName.test(baseOf(file))),
  ];
  const groups = groupByBase(named, (file) => ({
    base: baseOf(file),
    role: scriptName.exec(file)?.[2]?.toLowerCase() ?? 'single',
  }));
  for (const [base, { single, up, down = null, verify = null }] of groups) {
    const half = down ?? verify;
    if (single !== undefined)
      parts.push({ ...identity(base), form: 'sections', up: single, down: null, verify: null, metadata: null });
    if (up !== undefined) parts.push({ ...identity(base), form: 'files', up, down, verify, metadata: null });
    else if (half !== null) problems.push(downWithoutUp(half, `${base}.up.sql`));
  }
  const programs = programsOf(folder);
  return {
    parts: [...parts, ...programs.parts],
    problems: [...problems, ...unnamed.map(unknownName)],
    notices: programs.notices,
  };
}

/** Unlike SQL, code beside migrations is often something else: settings, helpers. It is passed over and told. */
function programsOf({ files }: Folder): Pick<Layout, 'parts' | 'notices'> {
  const programs = files.filter((file) => isCode(file) && !file.startsWith('.'));
  const [named, others] = [
    programs.filter((file) => baseName.test(programBase(file))),
    programs.filter((file) => !baseName.test(programBase(file))),
  ];
  return {
    parts: named.map((file) => ({
      ...identity(programBase(file)),
      form: 'program',
      up: file,
      down: null,
      verify: null,
      metadata: null,
    })),
    notices: others.map((file) =>
      sourceProblem(
        'source.unknownName',
        `${printable(file)} has no version at the beginning of its name and is passed over.`,
        'If it is a migration, put a version before its name.',
        { path: file },
      ),
    ),
  };
}

const programBase = (file: string): string => file.slice(0, -extname(file).length);

const baseOf = (file: string): string => scriptName.exec(file)?.[1] ?? '';

/** A folder for one version. */
async function folderOf(root: string, folder: string): Promise<Layout> {
  const { files, problems } = await listFolder(root, folder);
  const find = (...names: string[]): string | null => {
    const name = names.find((wanted) => files.includes(wanted));
    return name === undefined ? null : `${folder}/${name}`;
  };
  const [up, down, verify] = [find('up.sql'), find('down.sql'), find('verify.sql')];
  if (up !== null) {
    const parts = { ...identity(folder), form: 'files' as const, up, down, verify, metadata: find(...metadataNames) };
    return { parts: [parts], problems, notices: [] };
  }
  const stray = down ?? verify;
  if (stray !== null)
    return { parts: [], problems: [...problems, downWithoutUp(stray, `${folder}/up.sql`)], notices: [] };
  const notice = sourceProblem(
    'source.unknownName',
    `The folder ${printable(folder)} holds no up.sql and is passed over.`,
    'If it is a migration, name its script up.sql.',
    { path: folder },
  );
  return { parts: [], problems, notices: [notice] };
}

function identity(base: string): { version: string; name: string } {
  const [, version = '', name = ''] = baseName.exec(base) ?? [];
  return { version, name };
}

function unknownName(file: string): Problem {
  const hint = 'Name it like 20260101120000_create_users.sql or 1.2.0_create_users.sql, or move it out of the folder.';
  return sourceProblem('source.unknownName', `${printable(file)} has no version at the beginning of its name.`, hint, {
    path: file,
  });
}
