/** One backup: how far it was verified, what each level means, and what a restore will not bring back. */
import { Button, Drawer } from '@mantine/core';
import { useState } from 'react';
import { type Backup, type BackupLevel, backupLevels, reaches } from '../../../shared/model/backup.ts';
import type { CopyIsolation } from '../../../shared/model/proof.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { Moment } from '../../components/Time.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { formatBytes, formatCount, formatDuration, formatNumber } from '../../format.ts';
import { levelMeanings, levelWords } from '../../texts.ts';
import { CopyAcceptances } from '../rehearsal/CopyAcceptances.tsx';
import { coversWords } from './backupFacts.ts';

interface BackupDetailsProps {
  readonly backup: Backup;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onCheck: () => void;
  readonly onProve: (accept: readonly string[]) => void;
}

export default function BackupDetails({ backup, busy, onClose, onCheck, onProve }: BackupDetailsProps) {
  useReturnFocus();
  const { external, problem } = backup;
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={520}
      title={
        <strong>
          {external === undefined ? 'Backup' : 'Recorded snapshot'} of {backup.environment}
        </strong>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className="column wide">
        {problem !== null && <ProblemNotice problem={problem} />}
        {external === undefined ? (
          <Own backup={backup} busy={busy} onCheck={onCheck} onProve={onProve} />
        ) : (
          <dl className="facts">
            <dt>Name</dt>
            <dd className="mono">{external.name}</dd>
            <dt>Recorded</dt>
            <dd>
              <Moment at={backup.takenAt} /> by {external.recordedBy}
            </dd>
            <dt>Reason</dt>
            <dd className="preserve">{external.reason}</dd>
          </dl>
        )}
        <NotCovered backup={backup} />
      </div>
    </Drawer>
  );
}

function Own({ backup, busy, onCheck, onProve }: Omit<BackupDetailsProps, 'onClose'>) {
  const [accepted, setAccepted] = useState<ReadonlySet<string>>(new Set());
  const whole = backup.covers === 'everything';
  const inFile = backup.engine === 'sqlite';
  return (
    <>
      <ol className="rungs-list" aria-label="Levels">
        {backupLevels.map((level) => (
          <Rung key={level} level={level} backup={backup} />
        ))}
      </ol>
      {whole && backup.level !== 'proven' && !inFile && <CopyAcceptances accepted={accepted} onChange={setAccepted} />}
      <div className="row">
        <Button variant="default" disabled={busy} onClick={onCheck}>
          Check again
        </Button>
        {whole && (
          <Button className="push" loading={busy} onClick={() => onProve([...accepted])}>
            {backup.level === 'proven' ? 'Prove again' : 'Prove'}
          </Button>
        )}
      </div>
      <dl className="facts">
        <dt>Covers</dt>
        <dd className="wrap">{backup.covers === 'tables' ? backup.tables?.join(', ') : coversWords(backup).word}</dd>
        <dt>Size</dt>
        <dd className="number">
          {formatBytes(backup.bytes)}
          {backup.encrypted && ', encrypted'}
        </dd>
      </dl>
      <CopyLine value={backup.path} label="Copy the path" />
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
        <span className="hidden-text">{reached ? ', reached' : ', not reached'}</span>
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
          <Moment at={backup.takenAt} />, in {formatDuration(backup.durationMs)}
          {backup.program !== null && ` by ${backup.program.name} ${backup.program.version}`}
        </>
      );
    case 'checked':
      return backup.checkedAt === null ? null : <Moment at={backup.checkedAt} />;
    case 'proven':
      return <Proof backup={backup} />;
  }
}

const isolationWords: Readonly<Record<CopyIsolation, string>> = {
  file: 'in a file of its own',
  login: 'beside the database, with a login that reached only the copy',
  provingServer: 'on the proving server',
  sharedLogin: 'beside the database, with the environment’s own account',
};

function Proof({ backup: { proof } }: { backup: Backup }) {
  if (proof === undefined) return null;
  const { objects, tables, rows, sequences, digested, notDigested } = proof;
  const kinds = Object.entries(objects).map(([kind, count]) => `${kind} ${formatNumber(count)}`);
  return (
    <>
      <Moment at={proof.provenAt} />, in {formatDuration(proof.durationMs)} {isolationWords[proof.isolation]} (
      {proof.serverVersion}). Compared: {formatCount(tables, 'table')} with {formatCount(rows, 'row')},{' '}
      {formatCount(sequences, 'sequence')}, definitions ({kinds.join(', ')}). Content of{' '}
      {formatCount(digested.length, 'table')}
      {notDigested.length === 0 ? '.' : `; only the number of rows of ${notDigested.join(', ')}.`}
    </>
  );
}

function NotCovered({ backup }: { backup: Backup }) {
  const missing = [...new Set([...backup.notCovered, ...(backup.proof?.notCovered ?? [])])];
  if (missing.length === 0) return null;
  return (
    <section aria-label="Not covered">
      <h3>Not covered</h3>
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
