/** Statements of one rehearsed step: the guess about each beside what was seen of it. */
import type { Hazard } from '../../../shared/model/plan.ts';
import type { RehearsedStatement, RehearsedStep } from '../../../shared/model/rehearsal.ts';
import { focusable } from '../../components/focusable.ts';
import { hazardTone, hazardWords } from '../../components/HazardChips.tsx';
import { formatDuration } from '../../format.ts';
import { keepsOutTones, keepsOutWords, seenFacts } from './rehearsalFacts.ts';
import { rehearsalTexts as texts } from './texts.ts';

export function StatementTable({ step }: { step: RehearsedStep }) {
  const { statements, unlisted, hazards, version } = step;
  if (statements.length === 0) return <p className="dim">{texts.noStatementWasTried}</p>;
  const longest = Math.max(1, ...statements.map(({ durationMs }) => durationMs));
  return (
    <section className="rehearsal-scroll" aria-label={texts.statementsOf(version)} {...focusable}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col" className="end">
              {texts.line}
            </th>
            <th scope="col">{texts.statement}</th>
            <th scope="col">{texts.guess}</th>
            <th scope="col">{texts.seen}</th>
            <th scope="col" className="end">
              {texts.time}
            </th>
          </tr>
        </thead>
        <tbody>
          {statements.map((one) => (
            <Statement
              key={`${one.statement} ${one.part}`}
              one={one}
              guesses={hazards.filter(({ line }) => line === one.line)}
              longest={longest}
              failed={step.problem?.line === one.line}
            />
          ))}
        </tbody>
      </table>
      {unlisted > 0 && <p className="dim small">{texts.notListed(texts.moreStatementsAre(unlisted))}</p>}
    </section>
  );
}

interface StatementProps {
  readonly one: RehearsedStatement;
  readonly guesses: readonly Hazard[];
  readonly longest: number;
  readonly failed: boolean;
}

function Statement({ one, guesses, longest, failed }: StatementProps) {
  const facts = seenFacts(one);
  const nothing = !failed && facts.length === 0 && (one.locks ?? []).length === 0;
  return (
    <tr data-tone={failed ? 'danger' : undefined}>
      <td className="number end dim">{one.line}</td>
      <td>
        <code className="statement-text" title={one.text}>
          {one.text}
        </code>
      </td>
      <td>
        {guesses.length === 0 ? (
          <span className="dim">–</span>
        ) : (
          <ul className="column" style={{ gap: 4 }}>
            {guesses.map((guess) => (
              <li key={`${guess.code} ${guess.message}`}>
                <Guess guess={guess} />
              </li>
            ))}
          </ul>
        )}
      </td>
      <td>
        {failed && (
          <p className="mark" data-tone="danger">
            <span className="glyph" aria-hidden="true">
              ✕
            </span>
            {texts.itFailedHere}
          </p>
        )}
        {nothing && <span className="dim">–</span>}
        <Locks one={one} />
        {facts.map(({ text, tone }) => (
          <span key={text} className="seen-fact" data-tone={tone}>
            {text}
          </span>
        ))}
      </td>
      <td className="number end nowrap">
        {formatDuration(one.durationMs)}
        <span className="time-bar" aria-hidden="true">
          <i style={{ width: `${Math.max(2, (one.durationMs / longest) * 100)}%` }} />
        </span>
      </td>
    </tr>
  );
}

const seenMarks = {
  confirmed: { glyph: '✓', word: texts.seen2 },
  refuted: { glyph: '⊘', word: texts.notSeen },
} as const;

/** A hazard as it was foretold, and whether the copy showed it. */
export function Guess({ guess }: { guess: Hazard }) {
  const seen = guess.seen === undefined ? null : seenMarks[guess.seen];
  return (
    <span className="row wraps" style={{ gap: '2px 6px' }}>
      <span className="chip" data-tone={guess.seen === 'refuted' ? 'quiet' : hazardTone(guess)} title={guess.message}>
        {hazardWords(guess.code)}
      </span>
      {seen !== null && (
        <span className="small second nowrap">
          <span aria-hidden="true">{seen.glyph}</span> {seen.word}
        </span>
      )}
    </span>
  );
}

function Locks({ one: { locks } }: { one: RehearsedStatement }) {
  return (locks ?? []).map(({ table, mode, keepsOut }) => (
    <span
      key={`${table} ${mode}`}
      className="seen-fact"
      data-tone={keepsOutTones[keepsOut]}
      title={keepsOutWords[keepsOut]}
    >
      {texts.on2(mode, table)}
    </span>
  ));
}
