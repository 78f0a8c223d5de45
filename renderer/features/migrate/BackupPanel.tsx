import { Radio } from '@mantine/core';
import type { EnvironmentSummary, PlanView } from '../../../shared/contract/views.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { Moment } from '../../components/Time.tsx';
import { formatBytes } from '../../format.ts';
import { gateBackupWords } from '../../texts.ts';
import { NewestBackup } from '../backups/NewestBackup.tsx';
import type { GateAnswers } from '../gate/gate.ts';
import { CopyAcceptances } from '../rehearsal/CopyAcceptances.tsx';

interface BackupPanelProps {
  readonly summary: EnvironmentSummary;
  readonly plan: PlanView;
  readonly answers: GateAnswers;
  readonly change: (part: Partial<GateAnswers>) => void;
}

export function BackupPanel({ summary, plan, answers, change }: BackupPanelProps) {
  const { backup, gate } = plan;
  const isFile = summary.environment.connection.engine === 'sqlite';
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
                <Radio
                  value="take"
                  label="Back up first, and go on only if it is good"
                  description={
                    gate.backup === 'proven'
                      ? 'It is restored into a copy and compared before the first step.'
                      : undefined
                  }
                />
                <Skip gate={gate} />
              </div>
            </Radio.Group>
            {answers.backup ? <BackupFacts backup={backup} /> : gate.external === undefined && <SkipWarning />}
            {answers.backup && gate.backup === 'proven' && !isFile && (
              <CopyAcceptances accepted={answers.accepted} onChange={(accepted) => change({ accepted })} />
            )}
            <NewestBackup summary={summary} />
          </>
        )}
      </div>
    </section>
  );
}

function Skip({ gate }: { gate: PlanView['gate'] }) {
  if (gate.external !== undefined)
    return (
      <Radio
        value="skip"
        label={`Rely on the recorded snapshot ${gate.external.name}`}
        description={
          <>
            Recorded <Moment at={gate.external.takenAt} />; Lockkeeper has not seen it.
          </>
        }
      />
    );
  return (
    <Radio
      value="skip"
      label="Skip the backup…"
      description={
        gate.backup === 'none'
          ? 'This environment does not ask for one.'
          : 'A reason is needed and recorded with your name.'
      }
    />
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
