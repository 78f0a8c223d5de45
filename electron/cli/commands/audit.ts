/** `audit`: is the log of who did what still what was written, and all of it as a file. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AuditFinding, AuditReport } from '../../../shared/model/audit.ts';
import { exitCodes } from '../../../shared/problem.ts';
import { exportAudit, verifyAudit } from '../../services/auditTrail.ts';
import { type Column, formatTable } from '../format.ts';
import type { Define } from '../invocation.ts';
import { plain, type Terminal } from '../terminal.ts';

export const auditCommand: Define = (program, bind) => {
  const audit = program.command('audit').description('the tamper-evident log of who did what');
  const verify = audit
    .command('verify')
    .description(
      'its chain and signed checkpoints; with --env or --url also what that database keeps of it; exit 4 on findings',
    )
    .option('--file <file>', 'also compare with an export');
  bind(verify, async ({ backend, options, target, terminal }) => {
    const { context } = await backend();
    const { file } = verify.opts<{ file?: string }>();
    const named = options.env ?? options.url ?? options.urlEnv;
    const report = await verifyAudit(context, {
      target: named === undefined ? null : await target(),
      file: file === undefined ? null : resolve(file),
    });
    if (terminal.machine) terminal.document(report);
    else print(report, terminal);
    return report.findings.length === 0 ? exitCodes.done : exitCodes.verification;
  });
  const write = audit
    .command('export')
    .description('everything as JSON, with its signed end: a receipt to keep elsewhere')
    .option('--out <file>', 'to a file that only its owner may read, instead of standard output');
  bind(write, async ({ backend, terminal }) => {
    const { context } = await backend();
    const { out } = write.opts<{ out?: string }>();
    const exported = await exportAudit(context);
    if (out === undefined) terminal.document(exported);
    else {
      await writeFile(resolve(out), `${JSON.stringify(exported, null, 1)}\n`, { mode: 0o600 });
      const { entries, checkpoint } = exported;
      if (terminal.machine) terminal.document({ path: resolve(out), entries: entries.length, checkpoint });
      else
        terminal.print(`✓ ${entries.length} ${entries.length === 1 ? 'entry' : 'entries'} written to ${plain(out)}.`);
    }
    if (exported.checkpoint === null && exported.entries.length > 0)
      terminal.note('Its end is not signed: there is no keychain that could keep a signing key.');
    return exitCodes.done;
  });
};

const columns: readonly Column<AuditFinding>[] = [
  { title: 'Finding', value: (row) => words[row.kind], style: () => 'yellow' },
  { title: 'Entry', align: 'right', value: (row) => String(row.entry) },
  { title: 'What', value: (row) => row.detail },
];

const words: Readonly<Record<AuditFinding['kind'], string>> = {
  broken: 'chain broken',
  rewritten: 'rewritten',
  removed: 'removed',
  cutOff: 'cut off',
  signature: 'signature',
};

function print({ entries, checkpoints, anchors, findings }: AuditReport, terminal: Terminal): void {
  const compared = `${entries} ${entries === 1 ? 'entry' : 'entries'}, ${checkpoints} signed checkpoint${checkpoints === 1 ? '' : 's'}, ${anchors} run${anchors === 1 ? '' : 's'} in a database`;
  if (findings.length === 0) terminal.print(`${terminal.style('green', '✓')} Nothing found: ${compared}.`);
  else {
    terminal.print(formatTable(columns, findings, terminal));
    terminal.print(`\n${findings.length} finding${findings.length === 1 ? '' : 's'}: ${compared}.`);
    terminal.note('Keep the data directory as it is, and compare with its backups and with exports kept elsewhere.');
  }
  if (anchors === 0 && checkpoints === 0)
    terminal.note(
      'Nothing outside of the log was compared: what was cut off its end would not show. Give --env, or --file with an export.',
    );
}
