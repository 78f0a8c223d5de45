import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { Backup } from '../../../shared/model/backup.ts';
import { BackupLadder } from '../../components/BackupLadder.tsx';
import { CopyIcon } from '../../components/CopyText.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FilterInput, matches } from '../../components/FilterInput.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { Moment } from '../../components/Time.tsx';
import { backend } from '../../connection.ts';
import { formatBytes, formatDuration, shortDigest } from '../../format.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { engineWords } from '../../texts.ts';
import { useAction } from '../../useAction.ts';
import { navigate } from '../../useRoute.ts';
import { targetOf } from '../restore/restoreFacts.ts';
import { BackupTools } from './BackupTools.tsx';
import { coversWords, gateMark, problemMark, restoreHref } from './backupFacts.ts';
import { backupTexts as texts } from './texts.ts';
import { UnlockKey } from './UnlockKey.tsx';

const BackupDetails = lazy(() => import('./BackupDetails.tsx'));

interface BackupsTableProps {
  readonly backups: readonly Backup[];
  /** Null: those of all environments. */
  readonly of: EnvironmentSummary | null;
}

export function BackupsTable({ backups, of: summary }: BackupsTableProps) {
  const withEnvironment = summary === null;
  const [filter, setFilter] = useState('');
  const [unlocking, setUnlocking] = useState(false);
  const [tried, setTried] = useState<{ readonly id: string; readonly prove: readonly string[] | null } | null>(null);
  const environments = useResource(readings.environments()).data;
  const [shown, setShown] = useState<string | null>(null);
  const checking = useAction(async (id: string, prove: readonly string[] | null) => {
    setTried({ id, prove });
    const { run } =
      prove === null
        ? await backend().backups.check({ id })
        : await backend().backups.prove({ id, accept: [...prove] });
    navigate({ screen: 'run', id: run });
  });
  const details = backups.find(({ id }) => id === shown);
  const columns = useMemo(
    () => columnsOf(withEnvironment, environments ?? [], checking.run),
    [withEnvironment, environments, checking.run],
  );
  const rows = useMemo(
    () => backups.filter((backup) => matches(filter, [backup.environment, backup.database, backup.path, backup.level])),
    [backups, filter],
  );
  if (backups.length === 0) {
    return (
      <section className="panel">
        <EmptyState
          title={texts.noBackupYet}
          actions={
            <div className="row wraps">
              <BackupTools summary={summary} />
            </div>
          }
        >
          {texts.oneIsTakenBeforeEach}
        </EmptyState>
      </section>
    );
  }
  return (
    <>
      {checking.problem !== null && (
        <ProblemNotice
          problem={checking.problem}
          urgent
          actions={
            checking.problem.code === 'backup.keyMissing' &&
            tried !== null && (
              <Button size="xs" onClick={() => setUnlocking(true)}>
                {texts.enterThePassphrase}
              </Button>
            )
          }
        />
      )}
      {unlocking && tried !== null && (
        <UnlockKey
          backup={tried.id}
          onClose={() => setUnlocking(false)}
          onUnlocked={() => checking.run(tried.id, tried.prove)}
        />
      )}
      <div className="toolbar">
        <BackupTools summary={summary} />
        <div className="push">
          <FilterInput label={texts.filterBackups} value={filter} onChange={setFilter} />
        </div>
      </div>
      <DataTable
        label={texts.backups}
        columns={columns}
        rows={rows}
        rowKey={(backup) => backup.id}
        onOpen={(backup) => setShown(backup.id)}
        empty={
          <section className="panel">
            <EmptyState title={texts.noBackupMatches} />
          </section>
        }
      />
      {details !== undefined && (
        <Suspense>
          <BackupDetails
            backup={details}
            environment={targetOf(environments ?? [], { environmentId: null }, details)?.environment ?? null}
            busy={checking.busy}
            onClose={() => setShown(null)}
            onCheck={() => checking.run(details.id, null)}
            onProve={(accept) => checking.run(details.id, accept)}
          />
        </Suspense>
      )}
    </>
  );
}

const columnsOf = (
  withEnvironment: boolean,
  environments: readonly EnvironmentSummary[],
  check: (id: string, prove: readonly string[] | null) => void,
): readonly Column<Backup>[] => [
  {
    id: 'takenAt',
    title: texts.dataOf,
    width: '124px',
    sortBy: (backup) => backup.takenAt,
    cell: (backup) => <Moment at={backup.takenAt} />,
  },
  withEnvironment ? environmentColumn : databaseColumn,
  {
    id: 'level',
    title: texts.level,
    width: '106px',
    sortBy: (backup) => backup.level,
    cell: (backup) =>
      backup.external !== undefined ? (
        <Mark mark={{ glyph: '·', word: texts.recorded, tone: 'quiet' }} title={backup.external.reason} />
      ) : backup.problem === null ? (
        <BackupLadder level={backup.level} />
      ) : (
        <Mark mark={problemMark(backup.problem)} title={backup.problem.message} />
      ),
  },
  {
    id: 'covers',
    title: texts.covers,
    width: '118px',
    cell: (backup) => (
      <span className="row second" title={coversWords(backup).detail} style={{ gap: 6 }}>
        <span className="clip">{coversWords(backup).word}</span>
        {backup.encrypted && <IconLock size={14} role="img" aria-label={texts.encrypted2} title={texts.encrypted2} />}
      </span>
    ),
  },
  {
    id: 'gate',
    title: texts.forTheGate,
    width: '112px',
    cell: (backup) => {
      const environment = targetOf(environments, { environmentId: null }, backup)?.environment ?? null;
      const { title, ...mark } = gateMark(backup, environment?.protection ?? { backup: 'none' });
      return <Mark mark={mark} title={title} />;
    },
  },
  {
    id: 'bytes',
    title: texts.size,
    width: '80px',
    align: 'end',
    sortBy: (backup) => backup.bytes,
    cell: (backup) =>
      backup.external !== undefined ? (
        <span className="dim">–</span>
      ) : (
        <span title={texts.takenIn(formatDuration(backup.durationMs))}>{formatBytes(backup.bytes)}</span>
      ),
  },
  {
    id: 'path',
    title: texts.where,
    width: 'minmax(110px, 3fr)',
    cell: (backup) =>
      backup.external !== undefined ? (
        <span className="mono clip dim fill" title={backup.external.name}>
          {backup.external.name}
        </span>
      ) : (
        <>
          <span className="mono clip dim fill" title={texts.sha256(backup.path, shortDigest(backup.sha256))}>
            {backup.path}
          </span>
          <CopyIcon value={backup.path} label={texts.copyThePath} />
        </>
      ),
  },
  {
    id: 'actions',
    title: '',
    width: '232px',
    align: 'end',
    cell: (backup) => (
      <>
        {backup.external === undefined && (
          <Button size="compact-xs" variant="subtle" tabIndex={-1} onClick={() => check(backup.id, null)}>
            {texts.check}
          </Button>
        )}
        {backup.external === undefined && backup.covers === 'everything' && (
          <Button
            size="compact-xs"
            variant="subtle"
            tabIndex={-1}
            aria-label={texts.proveTheBackupOf(backup.takenAt)}
            onClick={() => check(backup.id, [])}
          >
            {texts.prove}
          </Button>
        )}
        {backup.external === undefined && (
          <Button
            component="a"
            size="compact-xs"
            variant="subtle"
            tabIndex={-1}
            aria-label={texts.restoreTheBackupOf(backup.takenAt)}
            href={restoreHref(backup)}
          >
            {texts.restore}
          </Button>
        )}
      </>
    ),
  },
];

const environmentColumn: Column<Backup> = {
  id: 'environment',
  title: texts.environment,
  width: 'minmax(130px, 2fr)',
  sortBy: (backup) => backup.environment,
  cell: (backup) => (
    <span className="clip strong" title={`${engineWords[backup.engine]} ${backup.serverVersion}, ${backup.database}`}>
      {backup.environment}
    </span>
  ),
};

const databaseColumn: Column<Backup> = {
  id: 'database',
  title: texts.database,
  width: 'minmax(96px, 1fr)',
  sortBy: (backup) => backup.database,
  cell: (backup) => (
    <span className="clip second" title={`${engineWords[backup.engine]} ${backup.serverVersion}`}>
      {backup.database.split(/[\\/]/).at(-1)}
    </span>
  ),
};
