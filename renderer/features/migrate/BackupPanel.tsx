import { Radio } from '@mantine/core';
import type { EnvironmentSummary, PlanView } from '../../../shared/contract/views.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { filled } from '../../components/filled.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { Moment } from '../../components/Time.tsx';
import { formatBytes } from '../../format.ts';
import { gateBackupWords } from '../../texts.ts';
import { NewestBackup } from '../backups/NewestBackup.tsx';
import type { GateAnswers } from '../gate/gate.ts';
import { CopyAcceptances } from '../rehearsal/CopyAcceptances.tsx';
import { migrateTexts as texts } from './texts.ts';

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
    <section className="panel" aria-label={texts.backup}>
      <div className="panel-head">
        <h2>{texts.backup}</h2>
        <span className="push small dim">
          {gateBackupWords[gate.backup]}
          {gate.backup === 'none' ? '' : texts.isRequired}
        </span>
      </div>
      <div className="panel-body column wide">
        {backup === null ? (
          <p className="second">{texts.noBackupIsTakenBy}</p>
        ) : (
          <>
            <Radio.Group
              value={answers.backup ? 'take' : 'skip'}
              onChange={(value) => change({ backup: value === 'take' })}
              aria-label={texts.backupBeforeTheRun}
            >
              <div className="column">
                <Radio
                  value="take"
                  label={texts.backUpFirstAndGo}
                  description={gate.backup === 'proven' ? texts.itIsRestoredIntoA : undefined}
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
        label={texts.relyOnTheRecordedSnapshot(gate.external.name)}
        description={filled(texts.recordedLockkeeperHasNotSeen, { takenAt: <Moment at={gate.external.takenAt} /> })}
      />
    );
  return (
    <Radio
      value="skip"
      label={texts.skipTheBackup}
      description={gate.backup === 'none' ? texts.thisEnvironmentDoesNotAsk : texts.aReasonIsNeededAnd}
    />
  );
}

function BackupFacts({ backup }: { backup: NonNullable<PlanView['backup']> }) {
  const { estimatedBytes, freeBytes, warnings, problem } = backup;
  const tight = estimatedBytes !== null && freeBytes !== null && estimatedBytes > freeBytes;
  return (
    <>
      <dl className="facts">
        <dt>{texts.data}</dt>
        <dd className="number">
          {estimatedBytes === null ? texts.unknown : texts.aboutSmallerWhenCompressed(formatBytes(estimatedBytes))}
        </dd>
        <dt>{texts.freeDisk}</dt>
        <dd className="number">
          {freeBytes === null ? texts.unknown : formatBytes(freeBytes)}
          {tight && (
            <span className="chip" data-tone="attention">
              {texts.mayNotFit}
            </span>
          )}
        </dd>
      </dl>
      <div>
        <span className="small dim">{texts.theCommandAsItWill}</span>
        <CopyLine value={backup.command} label={texts.copyTheCommand} />
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
      <p className="problem-title">{texts.nothingWillBringThePresent}</p>
      <p className="second">{texts.ifAStepFailsHalf}</p>
    </div>
  );
}
