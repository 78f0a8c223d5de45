import { lazy, type ReactNode, Suspense } from 'react';
import type { Hazard } from '../../../shared/model/plan.ts';
import type { MigrationRehearsal } from '../../../shared/model/rehearsal.ts';
import type { MigrationDetail } from '../../../shared/model/status.ts';
import { focusable } from '../../components/focusable.ts';
import { Mark } from '../../components/Mark.tsx';
import { Moment } from '../../components/Time.tsx';
import { formatDuration, shortDigest } from '../../format.ts';
import { formatRoute } from '../../router.ts';
import { markOfWord } from '../../texts.ts';
import { Guess } from '../rehearsal/StatementTable.tsx';
import { GuessAndSeen } from './GuessAndSeen.tsx';
import { migrationTexts as texts } from './texts.ts';
import type { HazardWalk } from './useHazardWalk.ts';

const TimingPanel = lazy(() => import('./TimingPanel.tsx'));

interface MigrationFactsProps {
  readonly detail: MigrationDetail;
  /** Its last rehearsal; null: there is none. */
  readonly found: MigrationRehearsal | null;
  readonly walk: HazardWalk;
}

export function MigrationFacts({ detail, found, walk }: MigrationFactsProps) {
  const { metadata, estimate } = detail;
  return (
    <section className="facts-side" aria-label={texts.aboutThisMigration} {...focusable}>
      {found === null && detail.hazards.length === 0 ? null : <GuessAndSeen detail={detail} found={found} />}
      {detail.hazards.length > 0 && <Hazards hazards={hazardsSeen(detail, found)} walk={walk} />}
      <section className="panel">
        <div className="panel-body">
          <dl className="facts">
            <Fact name={texts.author}>{metadata.author}</Fact>
            <Fact name={texts.date}>{metadata.date}</Fact>
            <Fact name={texts.issue}>{metadata.issue}</Fact>
            <Fact name={texts.estimate}>
              {estimate === null
                ? undefined
                : texts.about(
                    formatDuration(estimate.ms),
                    estimate.source === 'author' ? texts.byItsAuthor : texts.fromEarlierRuns,
                  )}
            </Fact>
            <Fact name={texts.downtime}>
              {metadata.requiresDowntime === undefined
                ? undefined
                : metadata.requiresDowntime
                  ? texts.needed
                  : texts.notNeeded}
            </Fact>
            <Fact name={texts.tables}>{words(detail.tables)}</Fact>
            <Fact name={texts.modules}>{words(metadata.affectedModules)}</Fact>
            <Fact name={texts.dependsOn}>{words(metadata.dependencies)}</Fact>
            <Fact name={texts.conflictsWith}>{words(metadata.conflicts)}</Fact>
            <Fact name={texts.statementTimeout}>
              {metadata.statementTimeoutMs === undefined ? undefined : formatDuration(metadata.statementTimeoutMs)}
            </Fact>
            <Fact name={texts.prerequisites}>{metadata.prerequisites?.join('\n')}</Fact>
            <Fact name={texts.statements2}>{detail.analysed ? texts.statements(detail.statements) : undefined}</Fact>
            <Fact name={texts.reversible}>
              {detail.reversible ? texts.yesByItsDownScript : texts.noDownScriptOnlyA}
            </Fact>
            <Fact name={texts.notes}>{metadata.notes}</Fact>
            <Fact name={texts.whatUsersNotice}>{metadata.changes?.join('\n')}</Fact>
            <Fact name={texts.onRollback}>{metadata.rollbackNotes}</Fact>
          </dl>
        </div>
      </section>
      <Checksums detail={detail} />
      <Suspense>
        <TimingPanel detail={detail} />
      </Suspense>
      <Runs detail={detail} />
    </section>
  );
}

const words = (list: readonly string[] | undefined): string | undefined =>
  list === undefined || list.length === 0 ? undefined : list.join(', ');

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === undefined || children === null || children === '') return null;
  return (
    <>
      <dt>{name}</dt>
      <dd className="preserve">{children}</dd>
    </>
  );
}

function Checksums({ detail }: { detail: MigrationDetail }) {
  const { fileChecksum, recordedChecksum } = detail;
  if (fileChecksum === null && recordedChecksum === null) return null;
  const differ = fileChecksum !== null && recordedChecksum !== null && fileChecksum !== recordedChecksum;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{texts.checksum}</h2>
        <span className="push">
          {recordedChecksum === null ? (
            <span className="dim small">{texts.notAppliedYet}</span>
          ) : differ ? (
            <span className="mark" data-tone="attention">
              <span className="glyph" aria-hidden="true">
                ▲
              </span>
              {texts.different}
            </span>
          ) : (
            fileChecksum !== null && (
              <span className="mark" data-tone="ok">
                <span className="glyph" aria-hidden="true">
                  ✓
                </span>
                {texts.theSame}
              </span>
            )
          )}
        </span>
      </div>
      <div className="panel-body">
        <dl className="facts">
          <dt>{texts.recorded}</dt>
          <dd className="mono" title={recordedChecksum ?? ''}>
            {recordedChecksum === null ? '–' : shortDigest(recordedChecksum)}
          </dd>
          <dt>{texts.file}</dt>
          <dd className="mono" title={fileChecksum ?? ''}>
            {fileChecksum === null ? '–' : shortDigest(fileChecksum)}
          </dd>
        </dl>
      </div>
    </section>
  );
}

/** With what the rehearsal of the same file has shown of each. */
function hazardsSeen({ hazards }: MigrationDetail, found: MigrationRehearsal | null): readonly ShownHazard[] {
  return hazards.map((hazard) => {
    const same = ({ code, line }: Hazard): boolean => code === hazard.code && line === hazard.line;
    const seen = found === null || found.outdated ? undefined : found.step.hazards.find(same)?.seen;
    return { hazard, shown: seen === undefined ? hazard : { ...hazard, seen } };
  });
}

interface ShownHazard {
  readonly hazard: Hazard;
  readonly shown: Hazard;
}

function Hazards({ hazards, walk }: { hazards: readonly ShownHazard[]; walk: HazardWalk }) {
  return (
    <section className="panel" aria-label={texts.hazards}>
      <div className="panel-head">
        <h2>{texts.hazards}</h2>
        <span className="row push small dim" aria-hidden="true">
          <kbd className="key">[</kbd>
          <kbd className="key">]</kbd>
        </span>
      </div>
      <ul className="panel-body column">
        {hazards.map(({ hazard, shown }) => (
          <li
            key={`${hazard.code} ${hazard.line ?? ''} ${hazard.message}`}
            className="hazard-line"
            {...(walk.current === hazard ? { 'aria-current': 'true' } : {})}
          >
            <Guess guess={shown} />
            <span className="second">
              {hazard.message}{' '}
              {hazard.line !== null && (
                <button type="button" className="link plain-button nowrap" onClick={() => walk.go(hazard)}>
                  {texts.line(hazard.line)}
                </button>
              )}
            </span>
            {hazard.remedy !== undefined && <span className="small dim wrap">{hazard.remedy}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Runs({ detail }: { detail: MigrationDetail }) {
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{texts.runsIn(detail.environment)}</h2>
      </div>
      {detail.runs.length === 0 ? (
        <p className="panel-body dim">
          {texts.neverRunFromHere}
          {detail.appliedAt !== null && (
            <>
              {texts.applied} <Moment at={detail.appliedAt} />
              {detail.appliedBy !== null && texts.by(detail.appliedBy)}
            </>
          )}
          .
        </p>
      ) : (
        <ul className="panel-body column">
          {detail.runs.map((line) => (
            <li key={`${line.run} ${line.at}`} className="row">
              <Mark mark={markOfWord(line.outcome)} />
              <a className="link" href={formatRoute({ screen: 'run', id: line.run })}>
                <Moment at={line.at} />
              </a>
              <span className="dim clip">{line.actor}</span>
              <span className="push second number">
                {line.durationMs === null ? '' : formatDuration(line.durationMs)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
