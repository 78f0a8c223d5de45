import type { MigrationDetail } from '../../../shared/model/status.ts';
import { exitCodes } from '../../../shared/problem.ts';
import { describeMigration } from '../../services/describeMigration.ts';
import { formatDuration, formatProblem, formatStatus, formatTime } from '../format.ts';
import { hazardLines } from '../hazards.ts';
import type { Define } from '../invocation.ts';
import { plain, plainLines, type Terminal } from '../terminal.ts';

export const infoCommand: Define = (program, bind) => {
  const command = program.command('info').argument('<version>').description('everything known of one migration');
  bind(command, async (invocation) => {
    const { context } = await invocation.backend();
    const detail = await describeMigration(context, await invocation.target(), command.args[0] ?? '');
    if (invocation.terminal.machine) invocation.terminal.document(detail);
    else printDetail(detail, invocation.terminal);
    return exitCodes.done;
  });
};

/** Worth seeing only beside a file that does something else. */
const appliedText = ({ difference }: MigrationDetail): string | null =>
  difference?.kind === 'sql' || difference?.kind === 'comments' ? difference.appliedText : null;

function printDetail(detail: MigrationDetail, terminal: Terminal): void {
  const { metadata } = detail;
  const facts: [string, string | null | undefined][] = [
    ['status', formatStatus(detail.status)],
    ['description', metadata.description],
    ['author', metadata.author],
    ['file', detail.path],
    ['statements', String(detail.statements)],
    ['tables', detail.tables.join(', ')],
    ['modules', metadata.affectedModules?.join(', ')],
    ['depends on', metadata.dependencies?.join(', ')],
    ['downtime', metadata.requiresDowntime === undefined ? null : metadata.requiresDowntime ? 'yes' : 'no'],
    [
      'expected',
      detail.estimate === null
        ? null
        : `${formatDuration(detail.estimate.ms)} (${detail.estimate.source === 'author' ? 'by its author' : 'as measured elsewhere'})`,
    ],
    ['reversible', detail.reversible ? 'yes' : 'no'],
    [
      'applied',
      detail.appliedAt === null
        ? null
        : `${formatTime(detail.appliedAt)}${detail.appliedBy === null ? '' : ` by ${detail.appliedBy}`}, ${formatDuration(detail.durationMs)}`,
    ],
    ['recorded', detail.recordedChecksum],
    ['file checksum', detail.fileChecksum],
    ['difference', detail.difference?.explanation],
    ['notes', metadata.notes],
  ];
  terminal.print(terminal.style('bold', plain(`${detail.version} ${detail.name}`)));
  for (const [name, value] of facts)
    if (value !== null && value !== undefined && value !== '') terminal.print(`  ${name.padEnd(14)}${plain(value)}`);
  for (const line of hazardLines(detail.hazards, terminal)) terminal.print(line);
  for (const problem of detail.problems) terminal.print(formatProblem(problem, terminal));
  if (detail.trust !== null)
    terminal.print('\nIt is code that is not trusted yet: its SQL can be shown only after that. It is written so:');
  for (const [title, sql] of [
    ['source', detail.source],
    ['up', detail.upSql],
    ['down', detail.downSql],
    ['verify', detail.verifySql],
    ['up, as it will be sent', detail.sentSql.up],
    ['down, as it will be sent', detail.sentSql.down],
    ['verify, as it will be sent', detail.sentSql.verify],
    ['as it was applied', appliedText(detail)],
  ] as const)
    if (sql !== null) terminal.print(`\n${terminal.style('dim', `-- ${title}`)}\n${plainLines(sql).trimEnd()}`);
}
