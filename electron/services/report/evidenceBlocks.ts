/** What scripts answered, what was said, how long phases took, and what the audit log has: for a report. */
import type { Report, ReportedEntry, ReportedResult } from '../../../shared/model/report.ts';
import { type Block, duration } from './blocks.ts';

export function resultBlocks(
  title: string,
  results: readonly ReportedResult[],
  wanted: (one: ReportedResult) => boolean,
): Block[] {
  const shown = results.filter(wanted);
  if (shown.length === 0) return [];
  return [{ kind: 'section', text: title }, ...shown.flatMap(resultBlock)];
}

const askedWords = {
  script: '',
  verifyBefore: ', before the first step',
  verifyAfter: ', after the last step',
} as const;

function resultBlock({ version, line, asked, result }: ReportedResult): Block[] {
  const more = result.rowCount - result.rows.length;
  return [
    { kind: 'part', text: `${version ?? ''} line ${line}${askedWords[asked]}: ${result.rowCount} rows` },
    {
      kind: 'table',
      columns: result.columns.map((name) => [name, 1]),
      rows: result.rows.map((row) => row.map((value) => ({ text: value ?? 'NULL', code: true }))),
    },
    ...(more > 0 ? [{ kind: 'text' as const, text: `${more} more rows were not kept.` }] : []),
  ];
}

export function messageBlocks({ messages }: Report): Block[] {
  if (messages.length === 0) return [];
  return [
    { kind: 'section', text: 'Notices and warnings' },
    {
      kind: 'table',
      columns: [
        ['At', 3],
        ['Migration', 2],
        ['Severity', 2],
        ['Message', 8],
      ],
      rows: messages.map(({ at, version, severity, message }) => [
        at,
        version,
        severity,
        { text: message, code: true },
      ]),
    },
  ];
}

export function phaseBlocks({ phases }: Report): Block[] {
  if (phases.length === 0) return [];
  return [
    { kind: 'section', text: 'Phases' },
    {
      kind: 'table',
      columns: [
        ['Phase', 2],
        ['Began', 3],
        ['Took', 2],
      ],
      rows: phases.map(({ phase, startedAt, durationMs }) => [
        phase,
        startedAt,
        durationMs === null ? 'it did not end' : duration(durationMs),
      ]),
    },
  ];
}

export function auditBlocks(entries: readonly ReportedEntry[]): Block[] {
  if (entries.length === 0) return [];
  return [
    { kind: 'section', text: 'Audit log' },
    {
      kind: 'text',
      text: 'Each hash is SHA-256 over the hash before, a line feed and the JSON text of [at, actor, action, environment, run, detail].',
    },
    ...entries.flatMap((one): Block[] => [
      { kind: 'part', text: `Entry ${one.entry}: ${one.action} by ${one.actor} at ${one.at}` },
      {
        kind: 'facts',
        facts: [
          ['Detail', { text: one.detail, code: true }],
          ['Hash before', { text: one.previous, code: true }],
          [
            'Hash',
            one.sound
              ? { text: one.hash, code: true }
              : { text: `${one.hash}: this is not the hash of the entry`, tone: 'bad', code: true },
          ],
        ],
      },
    ]),
  ];
}
