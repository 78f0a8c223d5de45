import type { OpenSession } from '../../../shared/model/restore.ts';
import { focusable } from '../../components/focusable.ts';
import { formatCount } from '../../format.ts';

/** Who is connected and would be cut off. */
export function SessionsPanel({ sessions, database }: { sessions: readonly OpenSession[]; database: string }) {
  return (
    <section className="panel" aria-label="Open sessions">
      <div className="panel-head">
        <h2>{formatCount(sessions.length, 'open session')}</h2>
        <span className="push small dim clip">on {database}</span>
      </div>
      <div className="panel-body column">
        <p className="second">
          They are ended when the databases are swapped; what they have not committed is rolled back.
        </p>
        <section className="rows-box" aria-label="Sessions" {...focusable}>
          <table className="result-table">
            <thead>
              <tr>
                <th scope="col">Session</th>
                <th scope="col">User</th>
                <th scope="col">Program</th>
                <th scope="col">From</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {sessions.map((session) => (
                <tr key={session.id}>
                  <td>{session.id}</td>
                  <td>{session.user}</td>
                  <td>{session.program}</td>
                  <td>{session.host}</td>
                  <td>{session.state}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </div>
    </section>
  );
}
