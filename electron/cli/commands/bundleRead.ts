/** `bundle inspect`, `bundle check`: what is in a bundle, and whether it suits a database. Nothing of it is run. */
import type { Command } from 'commander';
import { type BundleReport, type BundleVerdict, bundleChecks } from '../../../shared/model/bundle.ts';
import { exitCodeOf, exitCodes } from '../../../shared/problem.ts';
import { withBundle } from '../../services/bundles/bundleTarget.ts';
import { checkBundle, inspectBundle } from '../../services/bundles/checkBundle.ts';
import { formatBytes, formatProblem, formatTable } from '../format.ts';
import type { Define, Invocation } from '../invocation.ts';
import { plain, plainLines, type Terminal } from '../terminal.ts';

export function addReadCommands(bundle: Command, bind: Parameters<Define>[1]): void {
  const inspect = bundle
    .command('inspect')
    .argument('<file>')
    .description('everything in it, and whether its signer is trusted; needs neither trust nor a database');
  bind(inspect, async ({ backend, terminal }) => {
    const { context } = await backend();
    const report = await inspectBundle(context, String(inspect.processedArgs[0]));
    if (terminal.machine) terminal.document(report);
    else printReport(report, terminal);
    return exitCodes.done;
  });
  const check = bundle
    .command('check')
    .argument('<file>')
    .description('does it suit the database? the verdict before anything else');
  bind(check, async (invocation) => {
    const verdict = await verdictOn(invocation, String(check.processedArgs[0]));
    if (invocation.terminal.machine) invocation.terminal.document(verdict);
    else printVerdict(verdict, invocation.terminal);
    return verdict.problem === null ? exitCodes.done : exitCodeOf(verdict.problem);
  });
}

export async function verdictOn(invocation: Invocation, file: string): Promise<BundleVerdict> {
  const { context } = await invocation.backend();
  return checkBundle(context, withBundle(await invocation.target(), file));
}

function printReport({ file, digest, bytes, manifest, signer }: BundleReport, terminal: Terminal): void {
  const { range, requires, migrations, files, notes, origin, tool } = manifest;
  const versions = requires.servers.map(({ product, from, to }) => `${product} ${from ?? ''}–${to ?? ''}`);
  const facts: readonly (readonly [string, string])[] = [
    ['bundle', `${file} (${formatBytes(bytes)})`],
    ['SHA-256', digest],
    ['signer', signer.trusted === null ? 'not trusted here' : `${signer.trusted.name}, trusted`],
    ['fingerprint', signer.fingerprint],
    ['origin', origin ?? 'not said'],
    ['tool', tool],
    ['range', `${range.from} to ${range.to}`],
    ['application', requires.applications.join(', ')],
    ['needs before', requires.schemaVersion ?? ''],
    ['servers', versions.join(', ')],
    ['extensions', requires.extensions.join(', ')],
  ];
  for (const [name, value] of facts) if (value !== '') terminal.print(`${name.padEnd(13)} ${plain(value)}`);
  if (notes !== null) terminal.print(`\n${plainLines(notes)}`);
  const included = migrations.filter((migration) => migration.included);
  terminal.print(
    `\n${formatTable(
      [
        { title: 'Version', value: (row) => row.version },
        { title: 'Name', value: (row) => row.name },
        { title: 'Way back', value: (row) => (row.reversible ? 'yes' : 'no') },
        { title: 'Kind', value: (row) => (row.program ? 'program: needs trust of its own' : 'SQL') },
      ],
      included,
      terminal,
    )}`,
  );
  terminal.print(
    `\n${formatTable(
      [
        { title: 'File', value: (row) => row.path },
        { title: 'Size', align: 'right', value: (row) => formatBytes(row.bytes) },
        { title: 'SHA-256', value: (row) => row.sha256 },
      ],
      files,
      terminal,
    )}`,
  );
}

const checkWords: Readonly<Record<(typeof bundleChecks)[number], string>> = {
  contents: 'contents',
  trust: 'signer',
  tool: 'tool',
  server: 'server',
  extensions: 'extensions',
  schemaVersion: 'version',
  predecessors: 'before it',
  checksums: 'checksums',
  range: 'range',
};

const verdictWords = {
  applicable: 'can be applied',
  alreadyApplied: 'is applied already',
  refused: 'is refused',
} as const;

export function printVerdict({ environment, verdict, checks, problem }: BundleVerdict, terminal: Terminal): void {
  for (const { check, passed, detail } of checks)
    terminal.print(
      `${passed ? terminal.style('green', '✓') : terminal.style('red', '✕')} ${checkWords[check].padEnd(10)}  ${plain(detail)}`,
    );
  for (const check of bundleChecks.filter((one) => !checks.some((done) => done.check === one)))
    terminal.print(`⊘ ${checkWords[check].padEnd(10)}  not looked at`);
  terminal.print(`\n${plain(environment)}: the bundle ${verdictWords[verdict]}.`);
  if (problem !== null) terminal.problem(`\n${formatProblem(problem, terminal)}`);
}
