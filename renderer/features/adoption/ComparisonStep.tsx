/** What folder and history mean together: what is applied, what would be, what is missing, what changed. */
import type { DetectedComparison } from '../../../shared/model/detection.ts';
import { migrationStatuses } from '../../../shared/model/history.ts';
import type { StatusMigration } from '../../../shared/model/status.ts';
import type { Problem } from '../../../shared/problem.ts';
import { Mark } from '../../components/Mark.tsx';
import { ProblemList } from '../../components/ProblemList.tsx';
import { Moment } from '../../components/Time.tsx';
import { migrationMarks } from '../../texts.ts';
import { RowsTable } from './RowsTable.tsx';
import { adoptionTexts as texts } from './texts.ts';

interface ComparisonStepProps {
  readonly comparison: DetectedComparison;
  /** What of files and histories does not belong together. */
  readonly between: readonly Problem[];
}

export function ComparisonStep({ comparison, between }: ComparisonStepProps) {
  const { title, source, historyTable, counts, migrations, problems, notices } = comparison;
  const present = migrationStatuses.filter((status) => counts[status] > 0);
  return (
    <section className="panel" aria-label={texts.comparison} tabIndex={-1}>
      <div className="panel-head">
        <h2>
          {title} · <span className="mono">{historyTable}</span> · {source}
        </h2>
      </div>
      <div className="panel-body column wide">
        <div className="counts">
          {present.map((status) => (
            <span key={status} className="row">
              <span className="strong number">{counts[status]}</span>
              <Mark mark={migrationMarks[status]} title={migrationMarks[status].meaning} />
            </span>
          ))}
        </div>
        <ProblemList problems={[...between, ...problems, ...notices]} tone="attention" />
        <RowsTable
          label={texts.migrationsCompared}
          columns={columns}
          rows={migrations}
          keyOf={(row) => row.historyKey}
        />
      </div>
    </section>
  );
}

const columns = [
  { title: texts.status, cell: (row: StatusMigration) => <Mark mark={migrationMarks[row.status]} /> },
  { title: texts.version, cell: (row: StatusMigration) => <span className="mono">{row.version}</span> },
  { title: texts.name, cell: (row: StatusMigration) => row.name },
  {
    title: texts.applied,
    cell: (row: StatusMigration) => (row.appliedAt === null ? '' : <Moment at={row.appliedAt} />),
  },
];
