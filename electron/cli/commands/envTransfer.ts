/** `env import` and `env export`. */
import { writeFile } from 'node:fs/promises';
import type { ImportCandidate, ImportedLayer } from '../../../shared/model/transfer.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { exportEnvironments } from '../../services/exportEnvironments.ts';
import { type ImportRequest, importEnvironments, previewImport } from '../../services/importEnvironments.ts';
import { type Column, formatTable } from '../format.ts';
import type { Define, Invocation } from '../invocation.ts';
import { plain } from '../terminal.ts';

interface ImportOptions {
  readonly pgpass?: boolean;
  readonly pgService?: boolean;
  readonly myCnf?: boolean;
  readonly file?: readonly string[];
  readonly only?: readonly string[];
  readonly keepPasswords?: boolean;
  readonly settings?: boolean;
  readonly dryRun?: boolean;
}

/** Adds both to the group `env`. */
export const transferCommands: Define = (group, bind) => {
  const importing = group
    .command('import')
    .description('add environments from a file; what is there already is never changed')
    .option('--pgpass', 'what PostgreSQL’s password file names')
    .option('--pg-service', 'what PostgreSQL’s connection service file names')
    .option('--my-cnf', 'what MySQL’s own option file names')
    .option(
      '--file <file...>',
      'an export of another workspace, or a .env, Compose file, data-sources.json of DBeaver, export of pgAdmin, .pgpass, pg_service.conf or my.cnf',
    )
    .option('--only <name...>', 'of what is found, only these')
    .option('--keep-passwords', 'passwords of the files go into the keychain; else they are asked for')
    .option('--settings', 'the export’s settings for all environments and tiers, too, where nothing is set here')
    .option('--dry-run', 'show what would be added and stop');
  bind(importing, (invocation) => runImport(invocation, importing.opts<ImportOptions>()));

  const exporting = group
    .command('export')
    .argument('<file>')
    .description('environments with protection, source and settings, and the settings for all; without secrets');
  bind(exporting, async ({ backend, terminal }) => {
    const file = exporting.args[0] ?? '';
    const { text, environments, leftOut } = exportEnvironments((await backend()).context);
    await writeFile(file, text, { mode: 0o600 }).catch((thrown: unknown) =>
      raise(
        {
          code: 'usage.invalid',
          message: `The file ${file} cannot be written.`,
          hint: 'Check the path.',
          serverMessage: String(thrown),
        },
        thrown,
      ),
    );
    for (const one of leftOut)
      terminal.note(`Left out, as it looks like a secret or belongs to this computer: ${plain(one)}`);
    if (terminal.machine) terminal.document({ file, environments, leftOut });
    else terminal.print(`${environments.length} environment${environments.length === 1 ? '' : 's'} in ${plain(file)}.`);
    return exitCodes.done;
  });
};

async function runImport({ backend, options, terminal }: Invocation, given: ImportOptions): Promise<number> {
  const request: ImportRequest = {
    pgpass: given.pgpass === true,
    pgService: given.pgService === true,
    myCnf: given.myCnf === true,
    file: null,
    files: given.file ?? [],
    ...(given.only === undefined ? {} : { only: given.only }),
    keepPasswords: given.keepPasswords === true,
    tier: options.tier ?? null,
    settings: given.settings === true,
  };
  if (!request.pgpass && !request.pgService && !request.myCnf && given.file === undefined)
    raise({
      code: 'usage.invalid',
      message: 'Import from where?',
      hint: 'Give --file FILE, --pgpass, --pg-service or --my-cnf.',
    });
  const { context } = await backend();
  const preview = await previewImport(context, request);
  if (!terminal.machine) {
    if (preview.candidates.length > 0) terminal.print(formatTable(columnsFor(request), preview.candidates, terminal));
    if (request.settings === true) for (const one of preview.settings) terminal.print(layerLine(one));
    for (const { environment, notes } of preview.candidates)
      for (const note of notes) terminal.note(`${plain(environment.name)}: ${plain(note)}`);
    for (const { what, why } of preview.passedOver) terminal.note(`Passed over: ${plain(what)}, ${plain(why)}`);
  }
  const wanted =
    preview.candidates.some((one) => happens(one, request) === 'added') ||
    (request.settings === true && preview.settings.length > 0);
  const agreed =
    given.dryRun !== true &&
    wanted &&
    (!terminal.interactive || /^y(es)?$/i.test(await terminal.ask('Add the new ones? [y/N] ')));
  const report = agreed ? await importEnvironments(context, request) : { ...preview, added: [], settingsAdded: false };
  if (terminal.machine) terminal.document(report);
  else terminal.print(`${report.added.length} added${report.settingsAdded ? ', with the settings' : ''}.`);
  return exitCodes.done;
}

const layerLine = ({ scope, values }: ImportedLayer): string =>
  `Settings of ${scope === 'workspace' ? 'all environments' : scope}: ${plain(JSON.stringify(values))}`;

const passwordWords = { none: '', found: 'in the file', asked: 'asked for' } as const;

const columnsFor = (request: ImportRequest): readonly Column<ImportCandidate>[] => [
  { title: 'Environment', value: (row) => row.environment.name },
  { title: 'Tier', value: (row) => row.environment.tier },
  {
    title: 'Database',
    value: ({ environment: { connection } }) =>
      connection.engine === 'sqlite'
        ? connection.file
        : `${connection.user}@${connection.host}:${connection.port}/${connection.database}`,
  },
  { title: 'Password', value: ({ password }) => passwordWords[password] },
  { title: 'What happens', value: (row) => happens(row, request) },
];

function happens({ environment: { name }, existing }: ImportCandidate, { only }: ImportRequest): string {
  if (existing !== null) return `kept as it is: ${existing}`;
  return only?.includes(name) === false ? 'left out' : 'added';
}
