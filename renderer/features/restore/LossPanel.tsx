import type { TableRows } from '../../../shared/model/backup.ts';
import type { RestorePlan, RowDifference } from '../../../shared/model/restore.ts';
import { filled } from '../../components/filled.tsx';
import { focusable } from '../../components/focusable.ts';
import { Mark } from '../../components/Mark.tsx';
import { Age, Moment } from '../../components/Time.tsx';
import { formatNumber } from '../../format.ts';
import { formatRoute } from '../../router.ts';
import { actionWords, outcomeMarks, runningMark } from '../../texts.ts';
import { rowsChanged, rowWords } from './restoreFacts.ts';
import { restoreTexts as texts } from './texts.ts';

/** What was written since the snapshot: the first thing to know of a restore. */
export function LossPanel({ plan }: { plan: RestorePlan }) {
  const swaps = plan.placement === 'swap';
  return (
    <section className="panel" aria-label={texts.whatWillBeLost}>
      <div className="panel-head">
        <h2>{swaps ? texts.whatWillBeLost : texts.whatItHolds}</h2>
        {plan.takenAt !== null && (
          <span className="push small dim">
            {texts.dataOf} <Moment at={plan.takenAt} />
          </span>
        )}
      </div>
      <div className="panel-body column wide">
        {swaps ? (
          <p>
            {plan.takenAt === null
              ? texts.itIsNotKnownOf
              : filled(texts.everythingWrittenAfter, {
                  takenAt: (
                    <strong>
                      <Moment at={plan.takenAt} />
                    </strong>
                  ),
                  age: <Age at={plan.takenAt} />,
                })}
          </p>
        ) : (
          <p>{texts.nothingIsLostTheLive}</p>
        )}
        {swaps && <Rows plan={plan} />}
        {swaps && plan.takenAt !== null && <Migrations later={plan.migrationsSince} />}
        {swaps && plan.takenAt !== null && <Runs plan={plan} />}
        {plan.notCovered.length > 0 && (
          <div className="column" style={{ gap: 4 }}>
            <h3>{texts.notBroughtBack}</h3>
            <ul className="bullets second">
              {plan.notCovered.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </section>
  );
}

function Rows({ plan }: { plan: RestorePlan }) {
  if (!plan.rowsKnown) return <p className="second">{texts.howManyRowsDifferIs}</p>;
  if (plan.rows.length === 0) return <p className="second">{texts.everyTableHasAsMany}</p>;
  return (
    <div className="column" style={{ gap: 6 }}>
      <h3>{texts.rowsByTable}</h3>
      <section className="rows-box" aria-label={texts.rowsByTable} {...focusable}>
        <table className="result-table rows-table">
          <thead>
            <tr>
              <th scope="col">{texts.table}</th>
              <th scope="col">{texts.inTheBackup}</th>
              <th scope="col">{texts.now}</th>
              <th scope="col">{texts.whatItMeans}</th>
            </tr>
          </thead>
          <tbody>
            {plan.rows.map((row) => (
              <Row key={row.table} row={row} />
            ))}
          </tbody>
        </table>
      </section>
      <p className="small dim">{texts.rowsThatWereChangedAre}</p>
    </div>
  );
}

function Row({ row }: { row: RowDifference }) {
  const loses = row.inBackup === null || (rowsChanged(row) ?? 0) < 0;
  return (
    <tr>
      <th scope="row" className="mono">
        {row.table}
      </th>
      <td>{counted(row.inBackup)}</td>
      <td>{counted(row.now)}</td>
      <td data-tone={loses ? 'attention' : 'quiet'}>
        <span aria-hidden="true">{loses ? '▲ ' : ''}</span>
        {rowWords(row)}
      </td>
    </tr>
  );
}

const counted = (rows: TableRows | null): string =>
  rows === null ? '–' : `${rows.source === 'estimated' ? texts.about : ''}${formatNumber(rows.rows)}`;

/** By the history, whoever applied them. */
function Migrations({ later }: { later: RestorePlan['migrationsSince'] }) {
  if (later === null) return <p className="second">{texts.whichMigrationsCameLaterIs}</p>;
  if (later.length === 0) return <p className="second">{texts.noMigrationWasAppliedSince}</p>;
  return (
    <div className="column" style={{ gap: 6 }}>
      <h3>{texts.appliedSinceThen(texts.migrations(later.length))}</h3>
      <ul className="column" style={{ gap: 4 }}>
        {later.map(({ version, name, appliedAt }) => (
          <li key={version} className="row">
            <span className="mono">{version}</span>
            <span className="clip">{name}</span>
            {appliedAt !== null && (
              <span className="dim push">
                <Moment at={appliedAt} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Runs({ plan }: { plan: RestorePlan }) {
  if (plan.runsSince.length === 0) return <p className="second">{texts.noRunOfLockkeeperHas}</p>;
  return (
    <div className="column" style={{ gap: 6 }}>
      <h3>{texts.sinceThen(texts.runs(plan.runsSince.length))}</h3>
      <ul className="column" style={{ gap: 4 }}>
        {plan.runsSince.map((run) => (
          <li key={run.id} className="row">
            <Mark mark={run.outcome === null ? runningMark : outcomeMarks[run.outcome]} />
            <a className="link" href={formatRoute({ screen: 'run', id: run.id })}>
              {actionWords[run.action]}
            </a>
            <span className="dim">
              <Moment at={run.startedAt} />
            </span>
            <span className="dim clip push">{run.actor}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
