/** `compat`: does the database suit the application, and what came with its versions. */
import {
  type ApplicationSuitability,
  type CompatibilityReport,
  describeVerdict,
  suitabilityMarks,
} from '../../../shared/model/compatibility.ts';
import { exitCodes } from '../../../shared/problem.ts';
import { readCompatibility } from '../../services/readCompatibility.ts';
import { type Column, formatTable, formatTime } from '../format.ts';
import type { Define } from '../invocation.ts';
import { plain, type Style, type Terminal } from '../terminal.ts';

export const compatCommand: Define = (program, bind) => {
  const command = program
    .command('compat')
    .description(
      'does the database suit the application; with --app exit 4 unless it does; the matrix of both, and what came with a version',
    )
    .option('--app <version>', "the application's version (default: the source's own)");
  bind(command, async ({ backend, target, terminal }) => {
    const { context } = await backend();
    const { app } = command.opts<{ app?: string }>();
    const report = await readCompatibility(context, await target(), app ?? null);
    if (terminal.machine) terminal.document(report);
    else print(report, terminal);
    return app === undefined || report.verdict?.suitability === 'suits' ? exitCodes.done : exitCodes.verification;
  });
};

function print(report: CompatibilityReport, terminal: Terminal): void {
  const { verdict, applications, basis } = report;
  terminal.print(
    `${terminal.style('bold', plain(report.environment))}  database ${plain(report.current ?? '(empty)')}`,
  );
  if (verdict !== null) {
    const { glyph } = suitabilityMarks[verdict.suitability];
    terminal.print(`${terminal.style(styles[verdict.suitability], glyph)} ${plain(describeVerdict(verdict))}`);
  }
  if (applications.length > 0) terminal.print(`\n${formatTable(columnsOf(report), applications, terminal)}`);
  const changes = applications.find(({ version }) => version === verdict?.judgedAs)?.changes ?? [];
  if (changes.length > 0) terminal.print(`\nWhat came with ${plain(verdict?.judgedAs ?? '')}`);
  for (const change of changes) terminal.print(`  · ${plain(change)}`);
  if (basis === 'history')
    terminal.note(
      '\nDerived: the source does not say which version of the application needs which database, so what was applied within an hour counts as one release, named by its database. A lockkeeper.json with "applications" says it for certain.',
    );
  if (verdict?.suitability === 'tooOld') terminal.note(`\nNext: lockkeeper plan --to ${verdict.needs}`);
}

const styles: Readonly<Record<keyof typeof suitabilityMarks, Style>> = {
  suits: 'green',
  tooOld: 'red',
  tooNew: 'red',
  unsaid: 'yellow',
  unknown: 'yellow',
};

/** One column for each database: what an application would find there. */
function columnsOf({ databases, cells, applications, current }: CompatibilityReport): Column<ApplicationSuitability>[] {
  return [
    { title: 'Application', value: (row) => row.version },
    { title: 'Needs', value: (row) => row.database },
    { title: 'Until', value: (row) => row.until ?? '' },
    { title: 'Date', value: (row) => dateOf(row) },
    {
      title: 'Here',
      value: (row) => `${suitabilityMarks[row.suitability].glyph} ${suitabilityMarks[row.suitability].word}`,
      style: (row) => styles[row.suitability],
    },
    ...databases.map((database, at) => ({
      title: database === current ? `${database} (now)` : database,
      value: (row: ApplicationSuitability) =>
        suitabilityMarks[cells[applications.indexOf(row)]?.[at] ?? 'unsaid'].glyph,
    })),
  ];
}

/** As its author wrote it, or the moment of the deployment that it was derived from. */
const dateOf = ({ date }: ApplicationSuitability): string =>
  date === null ? '' : /^\d{4}-\d\d-\d\dT/.test(date) ? formatTime(date) : date;
