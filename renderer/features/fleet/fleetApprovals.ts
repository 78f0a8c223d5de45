import type { FleetApprovals } from '../../../shared/model/fleet.ts';
import { approvalsFor } from '../approval/planFile.ts';

/** Those that came in plan files which were opened here and gone on with; each counts for its own member only. */
export const fleetApprovals = (environmentIds: readonly string[]): FleetApprovals =>
  Object.fromEntries(
    environmentIds.flatMap((id) => {
      const { approvals } = approvalsFor(id);
      return approvals === undefined ? [] : [[id, approvals]];
    }),
  );
