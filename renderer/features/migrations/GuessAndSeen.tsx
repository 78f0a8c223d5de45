/** What was guessed of a migration, beside what its rehearsal has shown. */
import type { MigrationRehearsal } from '../../../shared/model/rehearsal.ts';
import type { MigrationDetail } from '../../../shared/model/status.ts';
import { Mark } from '../../components/Mark.tsx';
import { Age } from '../../components/Time.tsx';
import { compareWithGuess, verdict } from '../rehearsal/rehearsalFacts.ts';
import { migrationTexts as texts } from './texts.ts';

interface GuessAndSeenProps {
  readonly detail: MigrationDetail;
  readonly found: MigrationRehearsal | null;
}

export function GuessAndSeen({ detail, found }: GuessAndSeenProps) {
  const rows = compareWithGuess(detail, found?.step ?? null, found?.rehearsal.back ?? null);
  return (
    <section className="panel" aria-label={texts.guessAndRehearsal}>
      <div className="panel-head">
        <h2>{texts.guessAndRehearsal}</h2>
        {found === null && <span className="push small dim">{texts.neverRehearsed}</span>}
      </div>
      {found !== null && (
        <p className="guess-verdict row small">
          <Mark mark={verdict(found.rehearsal)} />
          <span className="push">
            <Age at={found.rehearsal.at} />
          </span>
        </p>
      )}
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden-text">{texts.what}</span>
            </th>
            <th scope="col">{texts.guess}</th>
            <th scope="col">{texts.seen}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, guess, seen }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="wrap">{guess ?? <span className="dim">–</span>}</td>
              <td className="wrap">{seen ?? <span className="dim">–</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
