/** One backup: how far it was verified, what each level means, and what a restore will not bring back. */
import { Button, Drawer } from '@mantine/core';
import { useState } from 'react';
import { type Backup, type BackupLevel, backupLevels, reaches } from '../../../shared/model/backup.ts';
import type { Environment } from '../../../shared/model/environment.ts';
import type { CopyIsolation } from '../../../shared/model/proof.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { Moment } from '../../components/Time.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { formatBytes, formatDuration, formatNumber } from '../../format.ts';
import { levelMeanings, levelWords } from '../../texts.ts';
import { CopyAcceptances } from '../rehearsal/CopyAcceptances.tsx';
import { coversWords, restoreHref } from './backupFacts.ts';
import { backupTexts as texts } from './texts.ts';

interface BackupDetailsProps {
  readonly backup: Backup;
  /** Null: no environment here has its name. */
  readonly environment: Environment | null;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onCheck: () => void;
  readonly onProve: (accept: readonly string[]) => void;
}

export default function BackupDetails({ backup, environment, busy, onClose, onCheck, onProve }: BackupDetailsProps) {
  useReturnFocus();
  const { external, problem } = backup;
  const kind = external === undefined ? texts.backup : texts.recordedSnapshot;
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={520}
      title={
        <span className="row">
          <strong>{environment === null ? texts.of(kind, backup.environment) : kind}</strong>
          {environment !== null && <EnvironmentName environment={environment} />}
        </span>
      }
      closeButtonProps={{ 'aria-label': texts.close }}
    >
      <div className="column wide">
        {problem !== null && <ProblemNotice problem={problem} />}
        {external === undefined ? (
          <Own backup={backup} busy={busy} onCheck={onCheck} onProve={onProve} />
        ) : (
          <dl className="facts">
            <dt>{texts.name}</dt>
            <dd className="mono">{external.name}</dd>
            <dt>{texts.recorded}</dt>
            <dd>
              <Moment at={backup.takenAt} /> {texts.by(external.recordedBy)}
            </dd>
            <dt>{texts.reason}</dt>
            <dd className="preserve">{external.reason}</dd>
          </dl>
        )}
        <NotCovered backup={backup} />
      </div>
    </Drawer>
  );
}

function Own({ backup, busy, onCheck, onProve }: Omit<BackupDetailsProps, 'environment' | 'onClose'>) {
  const [accepted, setAccepted] = useState<ReadonlySet<string>>(new Set());
  const whole = backup.covers === 'everything';
  const inFile = backup.engine === 'sqlite';
  return (
    <>
      <ol className="rungs-list" aria-label={texts.levels}>
        {backupLevels.map((level) => (
          <Rung key={level} level={level} backup={backup} />
        ))}
      </ol>
      {whole && backup.level !== 'proven' && !inFile && <CopyAcceptances accepted={accepted} onChange={setAccepted} />}
      <div className="row">
        <Button variant="default" disabled={busy} onClick={onCheck}>
          {texts.checkAgain}
        </Button>
        <Button component="a" variant="default" className="push" href={restoreHref(backup)}>
          {texts.restore}
        </Button>
        {whole && (
          <Button loading={busy} onClick={() => onProve([...accepted])}>
            {backup.level === 'proven' ? texts.proveAgain : texts.prove}
          </Button>
        )}
      </div>
      <dl className="facts">
        <dt>{texts.covers}</dt>
        <dd className="wrap">{backup.covers === 'tables' ? backup.tables?.join(', ') : coversWords(backup).word}</dd>
        <dt>{texts.size}</dt>
        <dd className="number">
          {formatBytes(backup.bytes)}
          {backup.encrypted && texts.encrypted}
        </dd>
      </dl>
      <CopyLine value={backup.path} label={texts.copyThePath} />
      {(backup.warnings ?? []).map((warning) => (
        <p key={warning} className="second wrap">
          ▲ {warning}
        </p>
      ))}
    </>
  );
}

function Rung({ level, backup }: { level: BackupLevel; backup: Backup }) {
  const reached = reaches(backup.level, level);
  return (
    <li className={reached ? 'reached' : ''}>
      <span className="mark" data-tone={reached ? 'ok' : 'quiet'}>
        <span className="glyph" aria-hidden="true">
          {reached ? '✓' : '○'}
        </span>
        <strong>{levelWords[level]}</strong>
        <span className="hidden-text">{reached ? texts.reached : texts.notReached}</span>
      </span>
      <span className="second">{levelMeanings[level]}</span>
      {reached && (
        <span className="small second">
          <Reached level={level} backup={backup} />
        </span>
      )}
    </li>
  );
}

function Reached({ level, backup }: { level: BackupLevel; backup: Backup }) {
  switch (level) {
    case 'taken':
      return (
        <>
          <Moment at={backup.takenAt} />
          {texts.in(formatDuration(backup.durationMs))}
          {backup.program !== null && texts.by2(backup.program.name, backup.program.version)}
        </>
      );
    case 'checked':
      return backup.checkedAt === null ? null : <Moment at={backup.checkedAt} />;
    case 'proven':
      return <Proof backup={backup} />;
  }
}

const isolationWords: Readonly<Record<CopyIsolation, string>> = {
  file: texts.inAFileOfIts,
  login: texts.besideTheDatabaseWithA,
  provingServer: texts.onTheProvingServer,
  sharedLogin: texts.besideTheDatabaseWithThe,
};

function Proof({ backup: { proof } }: { backup: Backup }) {
  if (proof === undefined) return null;
  const { objects, tables, rows, sequences, digested, notDigested } = proof;
  const kinds = Object.entries(objects).map(([kind, count]) => `${kind} ${formatNumber(count)}`);
  return (
    <>
      <Moment at={proof.provenAt} />
      {texts.provenSo({
        duration: formatDuration(proof.durationMs),
        where: isolationWords[proof.isolation],
        server: proof.serverVersion,
        tables,
        rows,
        sequences,
        definitions: kinds.join(', '),
        digested: digested.length,
      })}
      {notDigested.length === 0 ? '' : ` ${texts.onlyTheNumberOfRows(notDigested.join(', '))}`}
    </>
  );
}

function NotCovered({ backup }: { backup: Backup }) {
  const missing = [...new Set([...backup.notCovered, ...(backup.proof?.notCovered ?? [])])];
  if (missing.length === 0) return null;
  return (
    <section aria-label={texts.notCovered}>
      <h3>{texts.notCovered}</h3>
      <ul className="bullets second">
        {missing.map((what) => (
          <li key={what} className="wrap">
            {what}
          </li>
        ))}
      </ul>
    </section>
  );
}
