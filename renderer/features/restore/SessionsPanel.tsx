import type { OpenSession } from '../../../shared/model/restore.ts';
import { focusable } from '../../components/focusable.ts';
import { restoreTexts as texts } from './texts.ts';

/** Who is connected and would be cut off. */
export function SessionsPanel({ sessions, database }: { sessions: readonly OpenSession[]; database: string }) {
  return (
    <section className="panel" aria-label={texts.openSessions}>
      <div className="panel-head">
        <h2>{texts.openSessions2(sessions.length)}</h2>
        <span className="push small dim clip">{texts.on(database)}</span>
      </div>
      <div className="panel-body column">
        <p className="second">{texts.theyAreEndedWhenThe}</p>
        <section className="rows-box" aria-label={texts.sessions} {...focusable}>
          <table className="result-table">
            <thead>
              <tr>
                <th scope="col">{texts.session}</th>
                <th scope="col">{texts.user}</th>
                <th scope="col">{texts.program}</th>
                <th scope="col">{texts.from}</th>
                <th scope="col">{texts.state}</th>
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
