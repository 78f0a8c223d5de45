/** What a rehearsal saw, for a report: every step with its locks and rewrites, rows, schema, and the way back. */
import { describeObject } from '../../../shared/model/describeSchema.ts';
import type { Hazard } from '../../../shared/model/plan.ts';
import type { Rehearsal, RehearsedStatement, RehearsedStep } from '../../../shared/model/rehearsal.ts';
import type { SchemaChange } from '../../../shared/model/snapshot.ts';
import { type Block, duration, listed, problemBlocks, stepWord, type Words } from './blocks.ts';

export function rehearsalVerdict({ outcome, steps, back }: Rehearsal): Words {
  if (outcome === 'failed') return { text: '✕ It failed.', tone: 'bad' };
  const done = `✓ ${steps.length === 1 ? '1 migration' : `${steps.length} migrations`} ran to the end.`;
  return back?.problem == null
    ? { text: done, tone: 'good' }
    : { text: `${done} Its way back does not restore what was before.`, tone: 'attention' };
}

export const rehearsalBlocks = (rehearsal: Rehearsal): Block[] => [
  { kind: 'section', text: 'Rehearsal' },
  { kind: 'text', text: `Tried on ${copyWords[rehearsal.copy.kind]}, ${rehearsal.copy.place}.` },
  ...listed(rehearsal.copy.limits),
  ...listed(rehearsal.unsound),
  ...problemBlocks(rehearsal.problem),
  ...rehearsal.steps.flatMap(stepBlocks),
  { kind: 'section', text: 'Rows' },
  ...rowBlocks(rehearsal.rows, 'No table has more or fewer rows.'),
  { kind: 'section', text: 'Schema' },
  ...schemaBlocks(rehearsal.schema, 'Nothing of the schema changes.'),
  { kind: 'section', text: 'The way back' },
  ...backBlocks(rehearsal),
];

const copyWords: Readonly<Record<Rehearsal['copy']['kind'], string>> = {
  data: 'a copy with its rows',
  schema: 'a copy of the schema without rows',
  subset: 'a copy with some of its rows',
};

function stepBlocks(step: RehearsedStep): Block[] {
  const estimate = step.estimateMs === null ? '' : `, estimated for the real run: ${duration(step.estimateMs)}`;
  return [
    { kind: 'part', text: `${step.version} ${step.name}` },
    { kind: 'text', text: `${stepWord(step.outcome).text}, ${duration(step.durationMs)}${estimate}` },
    ...problemBlocks(step.problem),
    ...listed(step.hazards.map(hazardWords)),
    ...(step.statements.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            columns: [
              ['Line', 1.4],
              ['Statement', 8],
              ['Took', 2],
              ['Rows', 2],
              ['Locks', 4],
              ['Written anew, read as a whole', 4],
            ] as const,
            rows: step.statements.map(statementRow),
          },
        ]),
    ...(step.unlisted === 0
      ? []
      : [{ kind: 'text' as const, text: `${step.unlisted} more statements are not listed.` }]),
  ];
}

const seenWords = { confirmed: ' Seen: it does.', refuted: ' Seen: it does not.' } as const;

const hazardWords = ({ code, line, message, seen }: Hazard): string =>
  `${code}${line === null ? '' : `, line ${line}`}: ${message}${seen === undefined ? '' : seenWords[seen]}`;

function statementRow(one: RehearsedStatement) {
  const told = [
    ...(one.rewritten ?? []).map((table) => `${table} written anew`),
    ...(one.scanned ?? []).map((table) => `${table} read`),
    ...(one.algorithm === null ? [] : [`${one.algorithm.algorithm}, LOCK=${one.algorithm.lock}`]),
  ];
  const locks = one.locks === null ? 'not told' : one.locks.map(({ table, mode }) => `${mode} on ${table}`).join(', ');
  const locked = one.lockedRows === null ? '' : ` ${one.lockedRows} locked`;
  return [
    one.line,
    { text: one.text.slice(0, 300), code: true as const },
    duration(one.durationMs),
    `${one.rows ?? ''}${locked}`,
    locks,
    told.join(', '),
  ];
}

const rowBlocks = (rows: Rehearsal['rows'], none: string): Block[] => [
  rows.length === 0
    ? { kind: 'text', text: none }
    : {
        kind: 'table',
        columns: [
          ['Table', 6],
          ['Before', 2],
          ['After', 2],
        ],
        rows: rows.map(({ table, before, after }) => [table, before ?? 'no table', after ?? 'no table']),
      },
];

const schemaBlocks = (changes: readonly SchemaChange[], none: string): Block[] => [
  changes.length === 0
    ? { kind: 'text', text: none }
    : {
        kind: 'table',
        columns: [
          ['', 1],
          ['Before', 5],
          ['After', 5],
        ],
        rows: changes.map((one) => [
          one.change,
          { text: one.change === 'added' ? '' : describeObject(one.before), code: true },
          { text: one.change === 'removed' ? '' : describeObject(one.after), code: true },
        ]),
      },
];

function backBlocks({ back, direction }: Rehearsal): Block[] {
  if (back === null)
    return [
      {
        kind: 'text',
        text: direction === 'down' ? 'This plan is a way back itself.' : 'It was not tried, as the plan failed.',
      },
    ];
  const { versions, stoppedAt, schema, rows, again, countedOnly, problem } = back;
  const stopped = stoppedAt === null ? '' : ` ${stoppedAt} has no way back.`;
  return [
    { kind: 'text', text: `Rolled back: ${versions.length === 0 ? 'nothing' : versions.join(', ')}.${stopped}` },
    ...problemBlocks(problem),
    ...schemaBlocks(schema, 'The schema before is restored.'),
    ...rowBlocks(rows, 'No table has other rows than before.'),
    ...(countedOnly.length === 0
      ? []
      : [{ kind: 'text' as const, text: `Of these only the number of rows was compared: ${countedOnly.join(', ')}.` }]),
    ...(again.length === 0
      ? []
      : [{ kind: 'text' as const, text: 'Applied again, the schema is another one:' }, ...schemaBlocks(again, '')]),
  ];
}
