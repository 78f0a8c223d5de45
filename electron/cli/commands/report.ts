/** `report`: what is known of one run or rehearsal, as a file to be kept or sent. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { type ReportFormat, reportFormats } from '../../../shared/model/report.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { writeReport } from '../../services/report/writeReport.ts';
import type { Define } from '../invocation.ts';
import { plain } from '../terminal.ts';

export const reportCommand: Define = (program, bind) => {
  const command = program
    .command('report')
    .argument('<run>', 'id of a run, a rehearsal or a fleet')
    .description('everything that is known of it, as one file: evidence, or to be sent to somebody')
    .addOption(new Option('--format <format>', 'default: by the name of the file, else html').choices(reportFormats))
    .option('--out <file>', 'to a file that only its owner may read, instead of standard output');
  bind(command, async ({ backend, terminal }) => {
    const { format, out } = command.opts<{ format?: ReportFormat; out?: string }>();
    const wanted = format ?? reportFormats.find((one) => out?.toLowerCase().endsWith(`.${one}`)) ?? 'html';
    if (terminal.machine && out === undefined && wanted !== 'json')
      raise({
        code: 'usage.invalid',
        message: `--json cannot hold a report as ${wanted}.`,
        hint: 'Add --out FILE, or --format json.',
      });
    const { context } = await backend();
    const report = await writeReport(context, command.args[0] ?? '', wanted);
    if (out === undefined) process.stdout.write(report.content);
    else {
      await writeFile(resolve(out), report.content, { mode: 0o600 });
      if (terminal.machine) terminal.document({ path: resolve(out), format: wanted, bytes: report.content.byteLength });
      else terminal.print(`✓ ${plain(resolve(out))}`);
    }
    return exitCodes.done;
  });
};
