import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { historyCsv } from '../../../shared/model/historyDocument.ts';
import type { HistoryLine } from '../../../shared/model/run.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FilterInput, matches } from '../../components/FilterInput.tsx';
import { Mark } from '../../components/Mark.tsx';
import { SaveButton } from '../../components/SaveButton.tsx';
import { Moment } from '../../components/Time.tsx';
import { formatDuration } from '../../format.ts';
import { formatRoute } from '../../router.ts';
import { saveText } from '../../saveText.ts';
import { markOfWord } from '../../texts.ts';
import { navigate } from '../../useRoute.ts';
import { historyTexts as texts } from './texts.ts';
import { runActionWord } from './words.ts';

interface Row {
  readonly position: number;
  readonly line: HistoryLine;
}

interface HistoryTableProps {
  readonly lines: readonly HistoryLine[];
  /** Null: of all environments. */
  readonly environmentId: string | null;
}

/** Who did what, when, how long it took and how it ended. */
export function HistoryTable({ lines, environmentId }: HistoryTableProps) {
  const [filter, setFilter] = useState('');
  const columns = useMemo(() => columnsOf(environmentId), [environmentId]);
  const rows = useMemo(
    () =>
      lines
        .map((line, position) => ({ position, line }))
        .filter(({ line }) =>
          matches(filter, [line.environment, line.actor, line.action, line.version, line.outcome, line.reason]),
        ),
    [lines, filter],
  );
  if (lines.length === 0)
    return (
      <section className="panel">
        <EmptyState title={texts.nothingWasDoneYet}>{texts.everyRunAppearsHereWho}</EmptyState>
      </section>
    );
  return (
    <>
      <div className="toolbar">
        <SaveButton
          label={texts.saveAsCsv}
          save={async () => saveText('history.csv', historyCsv(rows.map(({ line }) => line)), 'text/csv')}
        />
        <div className="push">
          <FilterInput label={texts.filterHistory} value={filter} onChange={setFilter} />
        </div>
      </div>
      <DataTable
        label={texts.history}
        columns={columns}
        rows={rows}
        rowKey={rowKey}
        onOpen={(row) => navigate({ screen: 'run', id: row.line.run })}
        empty={
          <section className="panel">
            <EmptyState title={texts.nothingInTheHistoryMatches} />
          </section>
        }
      />
    </>
  );
}

const rowKey = (row: Row): string => `${row.position} ${row.line.run}`;

const columnsOf = (environmentId: string | null): readonly Column<Row>[] => [
  {
    id: 'at',
    title: texts.when,
    width: '132px',
    sortBy: (row) => row.line.at,
    cell: ({ line }) => <Moment at={line.at} />,
  },
  ...(environmentId === null
    ? [
        {
          id: 'environment',
          title: texts.environment,
          width: 'minmax(150px, 3fr)',
          sortBy: (row: Row) => row.line.environment,
          cell: ({ line }: Row) => <span className="clip strong">{line.environment}</span>,
        },
      ]
    : []),
  {
    id: 'actor',
    title: texts.who,
    width: 'minmax(84px, 1fr)',
    sortBy: (row) => row.line.actor,
    cell: ({ line }) => <span className="clip">{line.actor}</span>,
  },
  {
    id: 'action',
    title: texts.what,
    width: '122px',
    sortBy: (row) => row.line.action,
    cell: ({ line }) => <span className="second">{runActionWord(line.action)}</span>,
  },
  {
    id: 'version',
    title: texts.version,
    width: 'minmax(124px, 2fr)',
    sortBy: (row) => row.line.version ?? '',
    cell: ({ line }) => <span className="mono clip">{line.version ?? '–'}</span>,
  },
  {
    id: 'outcome',
    title: texts.outcome,
    width: '138px',
    sortBy: (row) => row.line.outcome,
    cell: ({ line }) => <Mark mark={markOfWord(line.outcome)} />,
  },
  {
    id: 'duration',
    title: texts.took,
    width: '84px',
    align: 'end',
    sortBy: (row) => row.line.durationMs ?? -1,
    cell: ({ line }) => (
      <span className="second">{line.durationMs === null ? '–' : formatDuration(line.durationMs)}</span>
    ),
  },
  {
    id: 'reason',
    title: texts.reason,
    width: 'minmax(110px, 3fr)',
    cell: ({ line }) => (
      <span className="clip second" title={line.reason ?? ''}>
        {line.reason ?? '–'}
      </span>
    ),
  },
  ...(environmentId === null
    ? []
    : [
        {
          id: 'actions',
          title: '',
          width: '116px',
          align: 'end' as const,
          cell: ({ line }: Row) =>
            canRollBack(line) ? (
              <Button
                component="a"
                size="compact-xs"
                variant="subtle"
                tabIndex={-1}
                aria-label={texts.rollBack(line.version ?? '')}
                href={formatRoute({
                  screen: 'migrate',
                  id: environmentId,
                  target: { direction: 'down', version: line.version ?? '' },
                })}
              >
                {texts.rollBack2}
              </Button>
            ) : null,
        },
      ]),
];

const canRollBack = (line: HistoryLine): boolean =>
  line.version !== null && line.outcome === 'succeeded' && (line.action === 'apply' || line.action === 'up');
