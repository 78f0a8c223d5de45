/** Who holds the migration lock, whether they still live, and ending them. */
import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { LockHolder, LockInfo } from '../../../shared/model/lock.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ReasonField } from '../../components/ReasonField.tsx';
import { Age, Moment } from '../../components/Time.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { TypedName } from '../gate/GatePanel.tsx';
import { repairTexts as texts } from './texts.ts';

/** Nothing is shown while the lock is free. */
export function LockPanel({ summary, lock }: { summary: EnvironmentSummary; lock: LockInfo | null }) {
  const [releasing, setReleasing] = useState(false);
  if (lock === null || !lock.held) return null;
  const { holder } = lock;
  return (
    <section className="panel" aria-label={texts.lock}>
      <div className="panel-head">
        <h2>{texts.lock}</h2>
        <Mark
          mark={
            holder?.alive === false
              ? { glyph: '▲', word: texts.heldByASessionThat, tone: 'attention' }
              : { glyph: '◐', word: texts.held, tone: 'running' }
          }
        />
        <Button size="xs" variant="default" className="push" onClick={() => setReleasing(true)}>
          {texts.releaseTheLock}
        </Button>
      </div>
      <div className="panel-body">
        <HolderFacts holder={holder} />
      </div>
      {releasing && <ReleaseDialog summary={summary} holder={holder} onClose={() => setReleasing(false)} />}
    </section>
  );
}

function HolderFacts({ holder }: { holder: LockHolder | null }) {
  return (
    <dl className="facts">
      <dt>{texts.holder}</dt>
      <dd>{[holder?.person, holder?.host].filter((part) => part != null).join(texts.on) || texts.anUnknownSession}</dd>
      {holder?.process != null && (
        <>
          <dt>{texts.process}</dt>
          <dd className="mono">{holder.process}</dd>
        </>
      )}
      {holder?.since != null && (
        <>
          <dt>{texts.since}</dt>
          <dd>
            <Moment at={holder.since} /> (<Age at={holder.since} />)
          </dd>
        </>
      )}
      <dt>{texts.alive}</dt>
      <dd>{holder?.alive === false ? texts.noItsProgramHasEnded : texts.yesAsFarAsThe}</dd>
    </dl>
  );
}

interface ReleaseDialogProps {
  readonly summary: EnvironmentSummary;
  readonly holder: LockHolder | null;
  readonly onClose: () => void;
}

function ReleaseDialog({ summary, holder, onClose }: ReleaseDialogProps) {
  const { id, name } = summary.environment;
  const alive = holder?.alive !== false;
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const [force, setForce] = useState(false);
  const releasing = useAction(async () => {
    const freed = await backend().locks.release({
      environmentId: id,
      confirm: typed,
      force,
      reason: reason.trim() === '' ? null : reason.trim(),
    });
    announce(freed.held ? texts.theHolderWasEndedIts : texts.theLockIsFree);
    await refresh(readings.status(id));
    onClose();
  });
  return (
    <DialogForm
      title={<EnvironmentName environment={summary.environment} />}
      size="lg"
      action={releasing}
      ready={typed === name && (!alive || (force && reason.trim() !== ''))}
      dangerous
      words={{ submit: texts.releaseTheLockOf(name), cancel: texts.leaveIt }}
      onClose={onClose}
    >
      <h2>{texts.releaseTheLockOf(name)}</h2>
      <HolderFacts holder={holder} />
      <p className="second">{alive ? texts.endingASessionThatIs : texts.itsSessionIsEndedOn}</p>
      {alive && (
        <Checkbox
          checked={force}
          onChange={(event) => setForce(event.currentTarget.checked)}
          label={texts.endASessionThatIs}
        />
      )}
      <ReasonField
        label={alive ? texts.reason : texts.reasonOptional}
        description={texts.recordedInTheHistoryWith}
        value={reason}
        onChange={setReason}
        required={alive}
      />
      <TypedName name={name} value={typed} onChange={setTyped} />
    </DialogForm>
  );
}
