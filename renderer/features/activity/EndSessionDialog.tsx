/** Ending a statement or a session of the server: never without the name and a reason. */

import { useState } from 'react';
import type { SessionEnding } from '../../../shared/model/activity.ts';
import type { Environment } from '../../../shared/model/environment.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { ReasonField } from '../../components/ReasonField.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { TypedName } from '../gate/GatePanel.tsx';
import { activityTexts as texts } from './texts.ts';

/** What of a session a person must know before ending it. */
export interface EndedSession {
  readonly pid: number;
  readonly user: string | null;
  readonly query: string | null;
}

interface EndSessionProps {
  readonly environment: Environment;
  readonly session: EndedSession;
  readonly how: SessionEnding;
  readonly onClose: () => void;
}

const words: Readonly<Record<SessionEnding, { readonly verb: string; readonly meaning: string }>> = {
  cancel: {
    verb: texts.cancelTheStatementOf,
    meaning: texts.itsRunningStatementStopsAnd,
  },
  terminate: {
    verb: texts.end,
    meaning: texts.itsConnectionIsClosedBy,
  },
};

export function EndSessionDialog({ environment, session, how, onClose }: EndSessionProps) {
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const ending = useAction(async () => {
    const { outcome } = await backend().activity.end({
      environmentId: environment.id,
      pid: session.pid,
      how,
      confirm: typed,
      reason: reason.trim(),
    });
    announce(outcome === 'gone' ? texts.theSessionHadEndedBy : texts.theServerWasAskedTo);
    await refresh(readings.activity(environment.id));
    onClose();
  });
  const label = texts.sessionOn(words[how].verb, session.pid, environment.name);
  return (
    <DialogForm
      title={<EnvironmentName environment={environment} />}
      size="lg"
      action={ending}
      ready={typed === environment.name && reason.trim() !== ''}
      dangerous
      words={{ submit: label, cancel: texts.leaveIt }}
      onClose={onClose}
    >
      <h2>{label}</h2>
      <p className="second">{words[how].meaning}</p>
      <dl className="facts">
        <dt>{texts.user}</dt>
        <dd>{session.user ?? texts.notTold}</dd>
        <dt>{texts.statement}</dt>
        <dd className="mono">{session.query ?? texts.none}</dd>
      </dl>
      <ReasonField
        label={texts.reason}
        description={texts.recordedInTheHistoryWith}
        value={reason}
        onChange={setReason}
        required
      />
      <TypedName name={environment.name} value={typed} onChange={setTyped} />
    </DialogForm>
  );
}
