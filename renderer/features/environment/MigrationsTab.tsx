import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { type MigrationStatus, migrationStatuses } from '../../../shared/model/history.ts';
import type { StatusMigration, StatusReport } from '../../../shared/model/status.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FilterInput, matches } from '../../components/FilterInput.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ProblemList } from '../../components/ProblemList.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { Moment } from '../../components/Time.tsx';
import { formatDuration, formatNumber, shortDigest } from '../../format.ts';
import type { Resource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { migrationMarks } from '../../texts.ts';
import { navigate } from '../../useRoute.ts';
import { MakeBundleButton } from '../bundles/MakeBundleButton.tsx';
import { environmentTexts as texts } from './texts.ts';

interface MigrationsTabProps {
  readonly summary: EnvironmentSummary;
  readonly status: Resource<StatusReport>;
}

interface Row {
  readonly position: number;
  readonly migration: StatusMigration;
}

export function MigrationsTab({ summary, status }: MigrationsTabProps) {
  const { id } = summary.environment;
  const [filter, setFilter] = useState('');
  const [only, setOnly] = useState<MigrationStatus | null>(null);
  const report = status.data;
  const columns = useMemo(() => columnsOf(id), [id]);
  const rows = useMemo(
    () =>
      (report?.migrations ?? [])
        .map((migration, position) => ({ position, migration }))
        .filter(
          ({ migration }) =>
            (only === null || migration.status === only) &&
            matches(filter, [
              migration.version,
              migration.name,
              migration.metadata.description,
              migration.metadata.author,
            ]),
        ),
    [report, only, filter],
  );
  if (report === null)
    return <ReadingNotice>{status.loading ? texts.readingTheHistoryTable : texts.notReadYet}</ReadingNotice>;
  return (
    <>
      <ProblemList problems={report.problems} tone="attention" />
      <div className="toolbar">
        <fieldset className="filter-chips">
          <legend className="hidden-text">{texts.filterByStatus}</legend>
          <button type="button" className="filter-chip" aria-pressed={only === null} onClick={() => setOnly(null)}>
            {texts.all(formatNumber(report.migrations.length))}
          </button>
          {migrationStatuses
            .filter((one) => report.counts[one] > 0)
            .map((one) => (
              <button
                key={one}
                type="button"
                className="filter-chip"
                aria-pressed={only === one}
                title={migrationMarks[one].meaning}
                onClick={() => setOnly(only === one ? null : one)}
              >
                <Mark mark={migrationMarks[one]} />
                {formatNumber(report.counts[one])}
              </button>
            ))}
        </fieldset>
        <div className="push row wraps">
          <MakeBundleButton environmentId={id} />
          <FilterInput label={texts.filterMigrations} value={filter} onChange={setFilter} />
        </div>
      </div>
      <DataTable
        label={texts.migrations}
        columns={columns}
        rows={rows}
        rowKey={rowKey}
        onOpen={(row) => navigate({ screen: 'migration', id, version: row.migration.version })}
        empty={
          <section className="panel">
            <EmptyState
              title={report.migrations.length === 0 ? texts.noMigrationsInTheFolder : texts.noMigrationMatches}
            />
          </section>
        }
      />
    </>
  );
}

const rowKey = (row: Row): string => `${row.position} ${row.migration.historyKey}`;
const statusOrder = (status: MigrationStatus): number => migrationStatuses.indexOf(status);

const columnsOf = (environmentId: string): readonly Column<Row>[] => [
  {
    id: 'status',
    title: texts.status,
    width: '138px',
    sortBy: (row) => statusOrder(row.migration.status),
    cell: ({ migration }) => (
      <Mark mark={migrationMarks[migration.status]} title={migrationMarks[migration.status].meaning} />
    ),
  },
  {
    id: 'version',
    title: texts.version,
    width: 'minmax(116px, 1.4fr)',
    sortBy: (row) => row.position,
    cell: ({ migration }) => (
      <a
        className="mono clip strong"
        tabIndex={-1}
        href={formatRoute({ screen: 'migration', id: environmentId, version: migration.version })}
        title={migration.version}
      >
        {migration.version}
      </a>
    ),
  },
  {
    id: 'name',
    title: texts.name,
    width: 'minmax(180px, 4fr)',
    sortBy: (row) => row.migration.name,
    cell: ({ migration }) => (
      <span className="clip" title={migration.metadata.description ?? migration.name}>
        {migration.name}
        {migration.metadata.description !== undefined && (
          <span className="dim"> — {migration.metadata.description}</span>
        )}
      </span>
    ),
  },
  {
    id: 'appliedAt',
    title: texts.applied,
    width: '128px',
    sortBy: (row) => row.migration.appliedAt ?? '',
    cell: ({ migration }) =>
      migration.appliedAt === null ? <span className="dim">–</span> : <Moment at={migration.appliedAt} />,
  },
  {
    id: 'appliedBy',
    title: texts.by,
    width: 'minmax(72px, 0.8fr)',
    sortBy: (row) => row.migration.appliedBy ?? '',
    cell: ({ migration }) => <span className="clip second">{migration.appliedBy ?? '–'}</span>,
  },
  {
    id: 'duration',
    title: texts.took,
    width: '84px',
    align: 'end',
    sortBy: (row) => row.migration.durationMs ?? -1,
    cell: ({ migration }) => (
      <span className="second">{migration.durationMs === null ? '–' : formatDuration(migration.durationMs)}</span>
    ),
  },
  {
    id: 'checksum',
    title: texts.checksum,
    width: '104px',
    cell: ({ migration }) => (
      <span className="mono dim clip" title={migration.checksum ?? texts.itsToolKeepsNone}>
        {migration.checksum === null ? '–' : shortDigest(migration.checksum)}
      </span>
    ),
  },
  {
    id: 'actions',
    title: '',
    width: '116px',
    align: 'end',
    cell: ({ migration }) =>
      migration.reversible && (migration.status === 'applied' || migration.status === 'changed') ? (
        <Button
          component="a"
          size="compact-xs"
          variant="subtle"
          tabIndex={-1}
          aria-label={texts.rollBack3(migration.version)}
          href={formatRoute({
            screen: 'migrate',
            id: environmentId,
            target: { direction: 'down', version: migration.version },
          })}
        >
          {texts.rollBack}
        </Button>
      ) : null,
  },
];
