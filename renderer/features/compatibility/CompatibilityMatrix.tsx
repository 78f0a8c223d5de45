/** Applications down, newest first; databases across. */
import type { ApplicationSuitability, CompatibilityReport } from '../../../shared/model/compatibility.ts';
import { focusable } from '../../components/focusable.ts';
import { Mark } from '../../components/Mark.tsx';
import { suitabilityMark } from './marks.ts';
import { compatibilityTexts as texts } from './texts.ts';

export function CompatibilityMatrix({ report }: { report: CompatibilityReport }) {
  const { applications, databases, cells, current } = report;
  const rows = applications.map((application, at) => ({ application, cells: cells[at] ?? [] })).toReversed();
  return (
    <div className="column">
      <h2>{texts.matrix}</h2>
      <section style={{ overflowX: 'auto' }} aria-label={texts.matrix} {...focusable}>
        <table className="result-table">
          <thead>
            <tr>
              <th scope="col">{texts.application}</th>
              <th scope="col">{texts.needs}</th>
              <th scope="col">{texts.here}</th>
              {databases.map((database) => (
                <th key={database} scope="col" className="mono">
                  {database}
                  {database === current && ` (${texts.now})`}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ application, cells: row }) => (
              <tr key={application.version}>
                <th scope="row">{application.version}</th>
                <Needs application={application} />
                <td>
                  <Mark mark={suitabilityMark(application.suitability)} />
                </td>
                {databases.map((database, at) => (
                  <td key={database}>
                    <Mark mark={suitabilityMark(row[at] ?? 'unknown')} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Needs({ application: { database, until } }: { application: ApplicationSuitability }) {
  return (
    <td className="mono">
      {database}
      {until !== undefined && ` ${texts.newerUntil(until)}`}
    </td>
  );
}
