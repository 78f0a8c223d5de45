import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Backup } from '../../../shared/model/backup.ts';
import { BackupLadder } from '../../components/BackupLadder.tsx';
import { CopyIcon } from '../../components/CopyText.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FilterInput, matches } from '../../components/FilterInput.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { Moment } from '../../components/Time.tsx';
import { backend } from '../../connection.ts';
import { formatBytes, formatDuration, shortDigest } from '../../format.ts';
import { engineWords } from '../../texts.ts';
import { useAction } from '../../useAction.ts';
import { navigate } from '../../useRoute.ts';

export function BackupsTable({ backups, withEnvironment }: { backups: readonly Backup[]; withEnvironment: boolean }) {
  const [filter, setFilter] = useState('');
  const checking = useAction(async (id: string) => {
    const { run } = await backend().backups.check({ id });
    navigate({ screen: 'run', id: run });
  });
  const columns = useMemo(() => columnsOf(withEnvironment, checking.run), [withEnvironment, checking.run]);
  const rows = useMemo(
    () => backups.filter((backup) => matches(filter, [backup.environment, backup.database, backup.path, backup.level])),
    [backups, filter],
  );
  if (backups.length === 0) {
    return (
      <section className="panel">
        <EmptyState title="No backup yet">
          One is taken before each migration that asks for it, or now with Back up on an environment’s page.
        </EmptyState>
      </section>
    );
  }
  return (
    <>
      {checking.problem !== null && <ProblemNotice problem={checking.problem} urgent />}
      <div className="toolbar">
        <div className="push">
          <FilterInput label="Filter backups" value={filter} onChange={setFilter} />
        </div>
      </div>
      <DataTable
        label="Backups"
        columns={columns}
        rows={rows}
        rowKey={(backup) => backup.id}
        empty={
          <section className="panel">
            <EmptyState title="No backup matches" />
          </section>
        }
      />
    </>
  );
}

const columnsOf = (withEnvironment: boolean, check: (id: string) => void): readonly Column<Backup>[] => [
  {
    id: 'takenAt',
    title: 'Data of',
    width: '146px',
    sortBy: (backup) => backup.takenAt,
    cell: (backup) => <Moment at={backup.takenAt} />,
  },
  ...(withEnvironment
    ? [
        {
          id: 'environment',
          title: 'Environment',
          width: 'minmax(130px, 2fr)',
          sortBy: (backup: Backup) => backup.environment,
          cell: (backup: Backup) => <span className="clip strong">{backup.environment}</span>,
        },
      ]
    : []),
  {
    id: 'database',
    title: 'Database',
    width: 'minmax(96px, 1fr)',
    sortBy: (backup) => backup.database,
    cell: (backup) => (
      <span className="clip second" title={`${engineWords[backup.engine]} ${backup.serverVersion}`}>
        {backup.database.split(/[\\/]/).at(-1)}
      </span>
    ),
  },
  {
    id: 'level',
    title: 'Level',
    width: '106px',
    sortBy: (backup) => backup.level,
    cell: (backup) =>
      backup.problem === null ? (
        <BackupLadder level={backup.level} />
      ) : (
        <span className="mark" data-tone="danger" title={backup.problem.message}>
          <span className="glyph" aria-hidden="true">
            ✕
          </span>
          Damaged
        </span>
      ),
  },
  {
    id: 'covers',
    title: 'Covers',
    width: '104px',
    cell: (backup) => (
      <span
        className="second"
        title={backup.notCovered.length === 0 ? 'Everything' : `Not covered: ${backup.notCovered.join(', ')}`}
      >
        {backup.covers === 'everything' ? 'Everything' : backup.covers === 'schema' ? 'Schema only' : 'Some tables'}
      </span>
    ),
  },
  {
    id: 'bytes',
    title: 'Size',
    width: '80px',
    align: 'end',
    sortBy: (backup) => backup.bytes,
    cell: (backup) => formatBytes(backup.bytes),
  },
  {
    id: 'duration',
    title: 'Took',
    width: '68px',
    align: 'end',
    sortBy: (backup) => backup.durationMs,
    cell: (backup) => <span className="second">{formatDuration(backup.durationMs)}</span>,
  },
  {
    id: 'path',
    title: 'Where',
    width: 'minmax(130px, 3fr)',
    cell: (backup) => (
      <>
        <span className="mono clip dim fill" title={`${backup.path}\nSHA-256 ${shortDigest(backup.sha256)}`}>
          {backup.path}
        </span>
        <CopyIcon value={backup.path} label="Copy the path" />
      </>
    ),
  },
  {
    id: 'actions',
    title: '',
    width: '84px',
    align: 'end',
    cell: (backup) => (
      <Button size="compact-xs" variant="subtle" tabIndex={-1} onClick={() => check(backup.id)}>
        Check
      </Button>
    ),
  },
];
