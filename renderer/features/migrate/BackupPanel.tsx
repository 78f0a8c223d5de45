import { Radio } from '@mantine/core';
import type { PlanView } from '../../../shared/contract/views.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { formatBytes } from '../../format.ts';
import { gateBackupWords } from '../../texts.ts';
import type { GateAnswers } from '../gate/gate.ts';

interface BackupPanelProps {
  readonly plan: PlanView;
  readonly answers: GateAnswers;
  readonly change: (part: Partial<GateAnswers>) => void;
}

export function BackupPanel({ plan, answers, change }: BackupPanelProps) {
  const { backup, gate } = plan;
  return (
    <section className="panel" aria-label="Backup">
      <div className="panel-head">
        <h2>Backup</h2>
        <span className="push small dim">
          {gateBackupWords[gate.backup]}
          {gate.backup === 'none' ? '' : ' is required'}
        </span>
      </div>
      <div className="panel-body column wide">
        {backup === null ? (
          <p className="second">No backup is taken by this plan.</p>
        ) : (
          <>
            <Radio.Group
              value={answers.backup ? 'take' : 'skip'}
              onChange={(value) => change({ backup: value === 'take' })}
              aria-label="Backup before the run"
            >
              <div className="column">
                <Radio value="take" label="Back up first, and go on only if it is good" />
                <Radio
                  value="skip"
                  label="Skip the backup…"
                  description={
                    gate.backup === 'none'
                      ? 'This environment does not ask for one.'
                      : 'A reason is needed and recorded with your name.'
                  }
                />
              </div>
            </Radio.Group>
            {answers.backup ? <BackupFacts backup={backup} /> : <SkipWarning />}
          </>
        )}
      </div>
    </section>
  );
}

function BackupFacts({ backup }: { backup: NonNullable<PlanView['backup']> }) {
  const { estimatedBytes, freeBytes, warnings, problem } = backup;
  const tight = estimatedBytes !== null && freeBytes !== null && estimatedBytes > freeBytes;
  return (
    <>
      <dl className="facts">
        <dt>Data</dt>
        <dd className="number">
          {estimatedBytes === null ? 'unknown' : `about ${formatBytes(estimatedBytes)}, smaller when compressed`}
        </dd>
        <dt>Free disk</dt>
        <dd className="number">
          {freeBytes === null ? 'unknown' : formatBytes(freeBytes)}
          {tight && (
            <span className="chip" data-tone="attention">
              ▲ may not fit
            </span>
          )}
        </dd>
      </dl>
      <div>
        <span className="small dim">The command, as it will run</span>
        <CopyLine value={backup.command} label="Copy the command" />
      </div>
      {warnings.map((warning) => (
        <p key={warning} className="problem small" data-tone="attention">
          {warning}
        </p>
      ))}
      {problem !== null && <ProblemNotice problem={problem} />}
    </>
  );
}

function SkipWarning() {
  return (
    <div className="problem" data-tone="attention" role="status">
      <p className="problem-title">Nothing will bring the present state back</p>
      <p className="second">
        If a step fails half-way or turns out to be wrong, only a down script or a backup taken elsewhere can help.
      </p>
    </div>
  );
}
