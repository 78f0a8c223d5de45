import { type BackupLevel, backupLevels } from '../../shared/model/backup.ts';
import { levelMeanings, levelWords } from '../texts.ts';
import './backupLadder.css';

/** How far a backup was verified: three rungs and the word of the highest. */
export function BackupLadder({ level }: { level: BackupLevel }) {
  const reached = backupLevels.indexOf(level);
  return (
    <span className="ladder" title={levelMeanings[level]}>
      <span className="rungs" aria-hidden="true">
        {backupLevels.map((rung, index) => (
          <i key={rung} className={index <= reached ? 'on' : ''} />
        ))}
      </span>
      {levelWords[level]}
    </span>
  );
}
