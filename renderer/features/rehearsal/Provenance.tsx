/** Where and when a rehearsal was made, and in what its copy was not like the original. */
import type { Rehearsal } from '../../../shared/model/rehearsal.ts';
import { Mark } from '../../components/Mark.tsx';
import { Moment } from '../../components/Time.tsx';
import { formatDuration } from '../../format.ts';
import { copyWords, verdict } from './rehearsalFacts.ts';
import { rehearsalTexts as texts } from './texts.ts';

export function Provenance({ rehearsal }: { rehearsal: Rehearsal }) {
  const { copy } = rehearsal;
  return (
    <div className="column" style={{ gap: 4 }}>
      <p className="row wraps" style={{ gap: '2px 10px' }}>
        <Mark mark={verdict(rehearsal)} />
        <span className="second">
          <Moment at={rehearsal.at} />{' '}
          {texts.byOn(rehearsal.actor, copyWords[copy.kind], copy.place, formatDuration(rehearsal.durationMs))}
        </span>
      </p>
      {copy.limits.length + rehearsal.unsound.length > 0 && (
        <ul className="bullets small second">
          {[...copy.limits, ...rehearsal.unsound].map((limit) => (
            <li key={limit} className="wrap">
              {limit}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
