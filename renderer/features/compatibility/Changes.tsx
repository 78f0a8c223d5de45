import type { ApplicationSuitability } from '../../../shared/model/compatibility.ts';
import { Moment } from '../../components/Time.tsx';
import { compatibilityTexts as texts } from './texts.ts';

/** Newest first. */
export function Changes({ applications }: { applications: readonly ApplicationSuitability[] }) {
  return (
    <section className="column wide" aria-label={texts.whatCame}>
      <h2>{texts.whatCame}</h2>
      <ol className="column wide">
        {applications.toReversed().map(({ version, date, changes }) => (
          <li key={version} className="column" style={{ gap: 4 }}>
            <div className="row wraps">
              <h3>{version}</h3>
              {date !== null && <span className="dim">{isMoment(date) ? <Moment at={date} /> : date}</span>}
            </div>
            <ul className="bullets second">
              {[...new Set(changes)].map((change) => (
                <li key={change}>{change}</li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Of a release that was derived; in a manifest a date is as its author writes it. */
const isMoment = (date: string): boolean => /^\d{4}-\d\d-\d\dT/.test(date);
