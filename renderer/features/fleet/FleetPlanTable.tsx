/** The plan of each member, as far as they are made. */
import type { FleetMemberPlan } from '../../../shared/model/fleet.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { hazardWords } from '../../components/HazardChips.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { formatDuration } from '../../format.ts';
import { gateBackupWords } from '../../texts.ts';
import { navigate } from '../../useRoute.ts';
import { fleetTexts as texts } from './texts.ts';
import type { PlannedMember } from './useFleetPlan.ts';

export function FleetPlanTable({ members }: { members: readonly PlannedMember[] }) {
  return (
    <DataTable
      label={texts.membersLabel}
      columns={columns}
      rows={members}
      rowKey={({ id }) => id}
      onOpen={({ id }) => navigate({ screen: 'migrate', id, target: { direction: 'up' } })}
      empty={<ReadingNotice>{texts.readingTheEnvironments}</ReadingNotice>}
    />
  );
}

const columns: readonly Column<PlannedMember>[] = [
  {
    id: 'member',
    title: texts.columns.member,
    width: 'minmax(196px, 2fr)',
    sortBy: ({ name }) => name,
    cell: (member) => <EnvironmentName environment={member} />,
  },
  {
    id: 'pending',
    title: texts.columns.pending,
    width: '64px',
    align: 'end',
    sortBy: ({ plan }) => plan?.versions.length ?? -1,
    cell: ({ plan }) => (plan === null || plan.fingerprint === null ? '…' : plan.versions.length),
  },
  {
    id: 'about',
    title: texts.columns.about,
    width: '64px',
    align: 'end',
    cell: ({ plan }) => (plan?.estimateMs == null ? '' : formatDuration(plan.estimateMs)),
  },
  {
    id: 'asks',
    title: texts.columns.asks,
    width: 'minmax(110px, 2fr)',
    cell: ({ plan }) => {
      const words = plan === null ? '' : asksOf(plan);
      return (
        <span className="clip second" title={words}>
          {words}
        </span>
      );
    },
  },
  {
    id: 'inTheWay',
    title: texts.columns.inTheWay,
    width: 'minmax(90px, 2fr)',
    sortBy: ({ plan }) => plan?.problem?.message ?? '',
    cell: ({ plan }) =>
      plan?.problem == null ? null : (
        <span className="mark" data-tone="attention" title={`${plan.problem.message} ${plan.problem.hint}`}>
          <span className="glyph" aria-hidden="true">
            ▲
          </span>
          <span className="clip">{plan.problem.message}</span>
        </span>
      ),
  },
];

function asksOf({ backup, typedName, reason, rehearsal, hazardsToAccept }: FleetMemberPlan): string {
  const asks = [
    ...(backup === 'none' ? [] : [gateBackupWords[backup].toLowerCase()]),
    ...(typedName ? [texts.needsConfirmation] : []),
    ...(reason ? [texts.needsReason] : []),
    ...(rehearsal === null ? [] : [texts.needsRehearsal]),
    ...hazardsToAccept.map(hazardWords),
  ];
  return asks.length === 0 ? texts.nothing : asks.join(', ');
}
