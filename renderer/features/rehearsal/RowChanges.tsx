/** Tables that have more or fewer rows than before. */
import type { RowChange } from '../../../shared/model/rehearsal.ts';
import { formatNumber } from '../../format.ts';
import { rehearsalTexts as texts } from './texts.ts';

export function RowChanges({ rows, empty }: { rows: readonly RowChange[]; empty: string }) {
  if (rows.length === 0) return <p className="dim">{empty}</p>;
  return (
    <table className="plain-table narrow">
      <thead>
        <tr>
          <th scope="col">{texts.table}</th>
          <th scope="col" className="end">
            {texts.rowsBefore}
          </th>
          <th scope="col" className="end">
            {texts.after}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ table, before, after }) => (
          <tr key={table}>
            <td className="mono">{table}</td>
            <td className="number end">{before === null ? texts.noTable : formatNumber(before)}</td>
            <td className="number end">{after === null ? texts.noTable : formatNumber(after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
