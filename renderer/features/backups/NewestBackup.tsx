/** How far the newest backup of everything was verified, and the next rung as one click. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { BackupLadder } from '../../components/BackupLadder.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { Age } from '../../components/Time.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { ActiveRun } from '../runs/ActiveRun.tsx';
import { backupTexts as texts } from './texts.ts';

export function NewestBackup({ summary }: { summary: EnvironmentSummary }) {
  const backups = useResource(readings.backups(summary.environment.id)).data ?? [];
  const newest = backups.find(({ covers, external }) => covers === 'everything' && external === undefined);
  const [started, setStarted] = useState<string | null>(null);
  const run = useResource(started === null ? null : readings.run(started)).data;
  const proving = useAction(async (id: string) => setStarted((await backend().backups.prove({ id })).run));
  if (newest === undefined) return <p className="small second">{texts.noBackupOfEverythingWas}</p>;
  const goesOn = run !== null && run.outcome === null;
  return (
    <div className="column">
      <div className="row wraps small">
        <span className="second">{texts.newestBackup}</span>
        <BackupLadder level={newest.level} />
        <span className="second">
          <Age at={newest.takenAt} />
        </span>
        {newest.level !== 'proven' && newest.problem === null && (
          <Button
            size="compact-xs"
            variant="default"
            className="push"
            loading={proving.busy || goesOn}
            onClick={() => proving.run(newest.id)}
          >
            {texts.proveItNow}
          </Button>
        )}
      </div>
      {goesOn && <ActiveRun id={run.id} />}
      {newest.problem !== null && <ProblemNotice problem={newest.problem} />}
      {proving.problem !== null && <ProblemNotice problem={proving.problem} urgent />}
      {run?.problem != null && run.problem.message !== newest.problem?.message && (
        <ProblemNotice problem={run.problem} urgent />
      )}
    </div>
  );
}
