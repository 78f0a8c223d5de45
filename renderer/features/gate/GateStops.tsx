/** What keeps a change from being started that nobody answers in passing: each with what is missing, and from whom. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { GateView } from '../../../shared/contract/views.ts';
import type { Problem } from '../../../shared/problem.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { formatTime } from '../../format.ts';
import { openUnlock, useRole } from '../roles/roleStatus.ts';
import { roleTexts } from '../roles/texts.ts';
import { gateTexts as texts } from './texts.ts';

type Stops = Pick<GateView, 'stops' | 'closesAt' | 'approval'>;

/** @param forApproval what the page offers where a second person is missing */
export function GateStops({ gate, forApproval }: { gate: Stops; forApproval?: ReactNode }) {
  const status = useRole();
  const canUnlock = status?.passphrase === true && status.unlockedUntil === null;
  const actionFor = ({ code }: Problem): ReactNode => {
    if (code === 'gate.approval' && forApproval !== undefined) return forApproval;
    return canUnlock && forAdministrators.has(code) ? (
      <Button size="xs" onClick={openUnlock}>
        {roleTexts.unlockTitle}
      </Button>
    ) : null;
  };
  return (
    <>
      {gate.stops.map((problem) => (
        <ProblemNotice key={problem.code} problem={problem} urgent actions={actionFor(problem)} />
      ))}
      {gate.closesAt !== null && (
        <p className="chip-line" data-tone="attention">
          <span aria-hidden="true">◷</span> {texts.windowCloses(formatTime(new Date(gate.closesAt).toISOString()))}
        </p>
      )}
      {gate.approval !== undefined && (
        <p className="chip-line" data-tone="ok">
          <span aria-hidden="true">✓</span>{' '}
          {texts.approvedBy(gate.approval.by, formatTime(gate.approval.at), formatTime(gate.approval.until))}
          {gate.approval.note !== null && ` “${gate.approval.note}”`}
        </p>
      )}
    </>
  );
}

/** Those that an administrator stands for, or can lift. */
const forAdministrators: ReadonlySet<string> = new Set([
  'gate.approval',
  'gate.changeWindow',
  'gate.forbiddenHazard',
  'gate.frozen',
  'gate.readOnly',
]);
