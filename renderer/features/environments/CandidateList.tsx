/** What files name, each with what would be made of it. */
import { Checkbox } from '@mantine/core';
import type { ImportCandidate, ImportPreview } from '../../../shared/model/transfer.ts';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { formatNumber } from '../../format.ts';
import { engineWords } from '../../texts.ts';
import { placeOf } from './importRequest.ts';
import { passwordWords, importTexts as texts } from './importTexts.ts';

interface CandidateListProps {
  readonly preview: ImportPreview;
  /** Names of those that are not wanted. */
  readonly left: ReadonlySet<string>;
  readonly setLeft: (left: ReadonlySet<string>) => void;
}

export function CandidateList({ preview: { candidates, passedOver }, left, setLeft }: CandidateListProps) {
  const fresh = candidates.filter(({ existing }) => existing === null).map(({ environment }) => environment.name);
  const taken = fresh.filter((name) => !left.has(name));
  const toggle = (name: string): void => {
    const next = new Set(left);
    if (!next.delete(name)) next.add(name);
    setLeft(next);
  };
  return (
    <section aria-label={texts.found}>
      {candidates.length === 0 && <p className="dim">{texts.nothing}</p>}
      {fresh.length > 1 && (
        <Checkbox
          label={texts.all}
          checked={taken.length === fresh.length}
          indeterminate={taken.length > 0 && taken.length < fresh.length}
          onChange={() => setLeft(taken.length === fresh.length ? new Set([...left, ...fresh]) : new Set())}
        />
      )}
      <ul className="import-candidates">
        {candidates.map((candidate, index) => (
          <Candidate
            key={`${candidate.environment.name} ${candidate.from} ${before(candidates, index)}`}
            candidate={candidate}
            taken={!left.has(candidate.environment.name)}
            toggle={toggle}
          />
        ))}
      </ul>
      {passedOver.length > 0 && (
        <details className="small">
          <summary>{texts.passedOver(formatNumber(passedOver.length))}</summary>
          <ul className="second">
            {passedOver.map(({ from, what, why }) => (
              <li key={`${from} ${what}`} className="wrap">
                <span className="mono">{what}</span>: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** How many of the same name come before it: a database may be named twice. */
const before = (candidates: readonly ImportCandidate[], index: number): number =>
  candidates.slice(0, index).filter(({ environment }) => environment.name === candidates[index]?.environment.name)
    .length;

interface CandidateProps {
  readonly candidate: ImportCandidate;
  readonly taken: boolean;
  readonly toggle: (name: string) => void;
}

function Candidate({ candidate, taken, toggle }: CandidateProps) {
  const { environment, existing, password, notes, from } = candidate;
  return (
    <li className="import-candidate" data-colour={environment.colour}>
      <Checkbox
        aria-label={texts.take(environment.name)}
        checked={existing === null && taken}
        disabled={existing !== null}
        onChange={() => toggle(environment.name)}
      />
      <div className="import-what">
        <EnvironmentName environment={environment} />
        <span className="small second wrap">
          {engineWords[environment.connection.engine]} · {placeOf(candidate)}
          {environment.group === '' ? '' : ` · ${environment.group}`}
        </span>
        <span className="small dim wrap">
          {existing !== null
            ? `${texts.there(existing)} · `
            : environment.connection.engine !== 'sqlite' && `${passwordWords[password]} · `}
          {from}
        </span>
        {notes.map((note) => (
          <span key={note} className="small second wrap">
            {note}
          </span>
        ))}
      </div>
    </li>
  );
}
