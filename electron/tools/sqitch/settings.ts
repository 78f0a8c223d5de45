/** `sqitch.conf`, the project's own part of its settings (App::Sqitch::Target): a person's and a machine's are not read. */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Problem } from '../../../shared/problem.ts';
import { folderWithin } from '../common/folder.ts';
import { parseIni } from '../common/ini.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import { readSettingsText } from '../common/settingsFile.ts';

const settingsFile = 'sqitch.conf';

export interface SqitchSettings {
  /** Whether there is such a file. */
  readonly found: boolean;
  /** As it names them: `pg`, `mysql`, `sqlite`; null: not said. */
  readonly engine: string | null;
  /** Relative to the source with `/`. */
  readonly planFile: string;
  readonly folders: Folders;
  /** Of reworked changes, under names with a tag. */
  readonly reworked: Folders;
  /** Without the dot. */
  readonly extension: string;
  readonly registry: string;
}

export type Folders = Readonly<Record<'deploy' | 'revert' | 'verify', string>>;

const engineNames: Readonly<Record<EngineId, string>> = { postgres: 'pg', mysql: 'mysql', sqlite: 'sqlite' };

/** @throws {ProblemError} `source.unreadable` */
export async function readSettings(
  root: string,
  engine: EngineId | null,
  problems: Problem[],
): Promise<SqitchSettings> {
  const text = await readSettingsText(root, settingsFile, problems);
  const sections = parseIni(text ?? '');
  const configured = sections.get('core')?.get('engine') ?? null;
  const name = engine === null ? (configured ?? '') : engineNames[engine];
  const target = sections.get(`engine.${name}`)?.get('target') ?? sections.get('core')?.get('target') ?? '';
  const one = (key: string): string | undefined =>
    [`target.${target}`, `engine.${name}`, 'core'].map((section) => sections.get(section)?.get(key)).find(Boolean);
  const inside = async (key: string, named: string): Promise<string> => {
    const path = await folderWithin(root, named);
    if (path !== null) return path;
    if (one(key) !== undefined) problems.push(outside(key, named));
    return named;
  };
  const top = await inside('top_dir', one('top_dir') ?? '.');
  const below = (folder: string, child: string) => (folder === '' || folder === '.' ? child : `${folder}/${child}`);
  const folders = async (base: string, prefix: string): Promise<Folders> => {
    const folder = (role: string) => inside(`${prefix}${role}_dir`, one(`${prefix}${role}_dir`) ?? below(base, role));
    return { deploy: await folder('deploy'), revert: await folder('revert'), verify: await folder('verify') };
  };
  return {
    found: text !== null,
    engine: configured,
    planFile: withoutDot(one('plan_file') ?? below(top, 'sqitch.plan')),
    folders: await folders(top, ''),
    reworked: await folders(await inside('reworked_dir', one('reworked_dir') ?? top), 'reworked_'),
    extension: one('extension') ?? 'sql',
    registry: one('registry') ?? 'sqitch',
  };
}

const withoutDot = (path: string): string => path.replace(/^\.\//, '');

const outside = (key: string, named: string): Problem =>
  sourceProblem(
    'source.unsupported',
    `${settingsFile} sets ${key} to ${printable(named)}, which is no folder within the source.`,
    'Choose the folder above both as the source, or correct the setting.',
    { path: settingsFile },
  );
