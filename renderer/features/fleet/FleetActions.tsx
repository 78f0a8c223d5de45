/** What a person may do with a fleet now: stop it, give the go-ahead, go on, try what failed again or leave it out. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { tiers } from '../../../shared/model/environment.ts';
import { type Fleet, type FleetMember, fleetConfirmation, isSettled } from '../../../shared/model/fleet.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { useAction } from '../../useAction.ts';
import { TypedName } from '../gate/GatePanel.tsx';
import { fleetApprovals } from './fleetApprovals.ts';
import { isFailedState } from './fleetFacts.ts';
import { fleetTexts as texts } from './texts.ts';

interface FleetActionsProps {
  readonly fleet: Fleet;
  readonly members: readonly FleetMember[];
  readonly onGoneOn: () => void;
}

export function FleetActions({ fleet, members, onGoneOn }: FleetActionsProps) {
  const [isUnheard, setUnheard] = useState(false);
  const cancelling = useAction(async () => {
    const { cancelled } = await backend().fleets.cancel({ id: fleet.id });
    setUnheard(cancelled === 'unheard');
  });
  if (fleet.outcome !== null) return <GoingOn fleet={fleet} members={members} onGoneOn={onGoneOn} />;
  return (
    <>
      {cancelling.problem !== null && <ProblemNotice problem={cancelling.problem} urgent />}
      <section className="panel fleet-actions" aria-label={texts.columns.state}>
        {isUnheard ? (
          <span className="second small" role="status">
            {texts.unheard(fleet.host)}
          </span>
        ) : (
          <span className="second small">{texts.cancelWhy}</span>
        )}
        <Button className="push" variant="default" loading={cancelling.busy} onClick={cancelling.run}>
          {texts.cancelFleet}
        </Button>
      </section>
    </>
  );
}

type How = 'rest' | 'retry' | 'leave';

function GoingOn({ fleet, members, onGoneOn }: FleetActionsProps) {
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState(fleet.reason ?? '');
  const open = members.filter((member) => !isSettled(member));
  const failed = open.filter(isFailedState);
  const rest = open.filter((member) => !isFailedState(member));
  const goingOn = useAction(async (how: How) => {
    await backend().fleets.resume({
      id: fleet.id,
      retryFailed: how === 'retry',
      leaveFailed: how === 'leave',
      confirm: typed === '' ? null : typed,
      reason: reason.trim() === '' ? null : reason.trim(),
      accept: [],
      approvals: fleetApprovals(members.map((member) => member.id)),
    });
    onGoneOn();
  });
  if (open.length === 0) return null;
  const asked = (of: readonly FleetMember[]): string | null => fleetConfirmation(fleet.name, of);
  const names = [...new Set([asked(rest), failed.length === 0 ? null : asked(open)])].filter((one) => one !== null);
  const fits = (of: readonly FleetMember[]): boolean => (asked(of) ?? typed) === typed;
  const stage = tiers.find((tier) => open.some((member) => member.tier === tier));
  const label = fleet.outcome === 'paused' && stage !== undefined ? texts.goAhead(texts.tier(stage)) : null;
  return (
    <>
      {goingOn.problem !== null && <ProblemNotice problem={goingOn.problem} urgent />}
      <section className="panel fleet-actions" aria-label={texts.columns.open}>
        {names.length > 0 && (
          <>
            <TextInput
              label={texts.reason}
              value={reason}
              maxLength={2000}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            {names.length === 1 ? (
              <TypedName name={names[0] ?? ''} value={typed} onChange={setTyped} />
            ) : (
              <TextInput
                label={texts.theConfirmation}
                description={names.join(' · ')}
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
            )}
          </>
        )}
        <div className="row wraps push">
          {failed.length > 0 && (
            <Button
              variant="default"
              title={texts.leaveWhy}
              disabled={!fits(rest)}
              loading={goingOn.busy}
              onClick={() => goingOn.run('leave')}
            >
              {texts.leave(failed.length)}
            </Button>
          )}
          {failed.length > 0 && (
            <Button
              variant={rest.length > 0 ? 'default' : 'filled'}
              disabled={!fits(open)}
              loading={goingOn.busy}
              onClick={() => goingOn.run('retry')}
            >
              {texts.retry(failed.length)}
            </Button>
          )}
          {rest.length > 0 && (
            <Button disabled={!fits(rest)} loading={goingOn.busy} onClick={() => goingOn.run('rest')}>
              {label ?? texts.goOn(rest.length)}
            </Button>
          )}
        </div>
      </section>
    </>
  );
}
