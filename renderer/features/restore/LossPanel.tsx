import type { TableRows } from '../../../shared/model/backup.ts';
import type { RestorePlan, RowDifference } from '../../../shared/model/restore.ts';
import { focusable } from '../../components/focusable.ts';
import { Mark } from '../../components/Mark.tsx';
import { Age, Moment } from '../../components/Time.tsx';
import { formatCount, formatNumber } from '../../format.ts';
import { formatRoute } from '../../router.ts';
import { actionWords, outcomeMarks, runningMark } from '../../texts.ts';
import { rowsChanged, rowWords } from './restoreFacts.ts';

/** What was written since the snapshot: the first thing to know of a restore. */
export function LossPanel({ plan }: { plan: RestorePlan }) {
  const swaps = plan.placement === 'swap';
  return (
    <section className="panel" aria-label="What will be lost">
      <div className="panel-head">
        <h2>{swaps ? 'What will be lost' : 'What it holds'}</h2>
        {plan.takenAt !== null && (
          <span className="push small dim">
            data of <Moment at={plan.takenAt} />
          </span>
        )}
      </div>
      <div className="panel-body column wide">
        {swaps ? (
          <p>
            {plan.takenAt === null ? (
              <>
                It is not known of which moment the dump is: everything that is not in it is lost to the applications.
              </>
            ) : (
              <>
                Everything written after{' '}
                <strong>
                  <Moment at={plan.takenAt} />
                </strong>{' '}
                (<Age at={plan.takenAt} />) is lost to the applications. It stays in the database that is kept aside.
              </>
            )}
          </p>
        ) : (
          <p>Nothing is lost: the live database stays as it is.</p>
        )}
        {swaps && <Rows plan={plan} />}
        {swaps && plan.takenAt !== null && <Migrations later={plan.migrationsSince} />}
        {swaps && plan.takenAt !== null && <Runs plan={plan} />}
        {plan.notCovered.length > 0 && (
          <div className="column" style={{ gap: 4 }}>
            <h3>Not brought back</h3>
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
  if (!plan.rowsKnown)
    return <p className="second">How many rows differ is not known: the numbers of both sides are not at hand.</p>;
  if (plan.rows.length === 0)
    return (
      <p className="second">
        Every table has as many rows now as in the backup. Rows that were changed are not seen by counting.
      </p>
    );
  return (
    <div className="column" style={{ gap: 6 }}>
      <h3>Rows by table</h3>
      <section className="rows-box" aria-label="Rows by table" {...focusable}>
        <table className="result-table rows-table">
          <thead>
            <tr>
              <th scope="col">Table</th>
              <th scope="col">In the backup</th>
              <th scope="col">Now</th>
              <th scope="col">What it means</th>
            </tr>
          </thead>
          <tbody>
            {plan.rows.map((row) => (
              <Row key={row.table} row={row} />
            ))}
          </tbody>
        </table>
      </section>
      <p className="small dim">Rows that were changed are not seen by counting.</p>
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
  rows === null ? '–' : `${rows.source === 'estimated' ? 'about ' : ''}${formatNumber(rows.rows)}`;

/** By the history, whoever applied them. */
function Migrations({ later }: { later: RestorePlan['migrationsSince'] }) {
  if (later === null)
    return <p className="second">Which migrations came later is not known: the history does not tell.</p>;
  if (later.length === 0) return <p className="second">No migration was applied since then.</p>;
  return (
    <div className="column" style={{ gap: 6 }}>
      <h3>{formatCount(later.length, 'migration')} applied since then</h3>
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
  if (plan.runsSince.length === 0) return <p className="second">No run of Lockkeeper has changed it since.</p>;
  return (
    <div className="column" style={{ gap: 6 }}>
      <h3>{formatCount(plan.runsSince.length, 'run')} since then</h3>
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
