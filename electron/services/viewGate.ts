import type { GateView } from '../../shared/contract/views.ts';
import type { GateNeeds } from '../engine/gate.ts';

/** What a gate asks, as windows and scripts read it. */
export const viewGate = (gate: GateNeeds): GateView => ({
  typedName: gate.typedName,
  reason: gate.reason,
  backup: gate.backup,
  hazardsToAccept: gate.hazards,
  blocked: gate.blocked,
  stops: gate.stops,
  closesAt: gate.closesAt,
  ...(gate.approval === undefined ? {} : { approval: gate.approval }),
  ...(gate.rehearsal === undefined ? {} : { rehearsal: gate.rehearsal }),
});
