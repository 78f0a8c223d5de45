/** What the retention would remove, and what it keeps although it is beyond the limits; then doing it. */
import { Button, Modal, NumberInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { PruneReport } from '../../../shared/contract/views.ts';
import type { Environment } from '../../../shared/model/environment.ts';
import { DialogButtons } from '../../components/DialogButtons.tsx';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { Moment } from '../../components/Time.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { backend } from '../../connection.ts';
import { formatBytes } from '../../format.ts';
import { invalidate } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { backupTexts as texts } from './texts.ts';

interface Props {
  /** Null: of all environments. */
  readonly environment: Environment | null;
  readonly onClose: () => void;
}

export function PruneDialog({ environment, onClose }: Props) {
  useReturnFocus();
  const [days, setDays] = useState<string | number>('');
  const [keep, setKeep] = useState<string | number>('');
  const [preview, setPreview] = useState<PruneReport | null>(null);
  const limits = {
    environmentId: environment?.id ?? null,
    olderThanDays: days === '' ? null : Number(days),
    keep: keep === '' ? null : Number(keep),
  };
  const looking = useAction(async () => setPreview(await backend().backups.prune({ ...limits, dryRun: true })));
  const removing = useAction(async () => {
    const { removed } = await backend().backups.prune({ ...limits, dryRun: false });
    invalidate((key) => key.startsWith('backups:') || key === 'environments');
    announce(texts.removed(texts.backups2(removed.length)));
    onClose();
  });
  const { run: look } = looking;
  useEffect(() => look(), [look]);
  const change = (set: (value: string | number) => void) => (value: string | number) => {
    set(value);
    setPreview(null);
  };
  const problem = looking.problem ?? removing.problem;
  const gone = preview?.removed.length ?? 0;
  return (
    <Modal opened onClose={onClose} size="lg" title={<strong>{texts.removeBackupsThatAreNo}</strong>}>
      <div className="column wide">
        {environment !== null && <EnvironmentName environment={environment} />}
        <p className="second">{texts.byTheSettingsOfEach}</p>
        <div className="row" style={{ alignItems: 'flex-end' }}>
          <NumberInput
            label={texts.olderThanDays}
            placeholder={texts.asSet}
            value={days}
            onChange={change(setDays)}
            min={1}
            hideControls
          />
          <NumberInput
            label={texts.keepAtLeast}
            placeholder={texts.asSet}
            value={keep}
            onChange={change(setKeep)}
            min={1}
            hideControls
          />
          <Button variant="default" loading={looking.busy} onClick={looking.run}>
            {texts.showWhatGoes}
          </Button>
        </div>
        {problem !== null && <ProblemNotice problem={problem} urgent />}
        {preview !== null && <Preview report={preview} />}
        <DialogButtons
          words={{ submit: texts.remove(texts.backups2(gone)), cancel: texts.keepAll }}
          ready={gone > 0}
          busy={removing.busy}
          dangerous
          onClose={onClose}
          onConfirm={removing.run}
        />
      </div>
    </Modal>
  );
}

function Preview({ report }: { report: PruneReport }) {
  const bytes = report.removed.reduce((sum, one) => sum + one.bytes, 0);
  return (
    <div className="column" role="status">
      {report.removed.length === 0 ? (
        <p>{texts.nothingGoesEveryBackupIs}</p>
      ) : (
        <>
          <h3>
            {texts.backupsGo(report.removed.length)}, {formatBytes(bytes)}
          </h3>
          <ul className="prune-list">
            {report.removed.map((one) => (
              <li key={one.id} className="row">
                <Moment at={one.takenAt} />
                <span className="strong clip">{one.environment}</span>
                <span className="mono dim clip push small">{one.path}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {report.kept.length > 0 && (
        <>
          <h3>{texts.althoughBeyondTheLimits(texts.stay(report.kept.length))}</h3>
          <ul className="prune-list">
            {report.kept.map((one) => (
              <li key={one.id} className="row">
                <Moment at={one.takenAt} />
                <span className="strong clip">{one.environment}</span>
                <span className="second push">{one.why}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
