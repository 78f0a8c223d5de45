import { NumberInput, Switch } from '@mantine/core';
import { type FleetPolicy, mostJobs } from '../../../shared/model/fleet.ts';
import { fleetTexts as texts } from './texts.ts';

interface FleetPolicyPanelProps {
  readonly policy: FleetPolicy;
  readonly onChange: (policy: FleetPolicy) => void;
}

/** How many at once, who goes first, and when it stops. */
export function FleetPolicyPanel({ policy, onChange }: FleetPolicyPanelProps) {
  const change = (part: Partial<FleetPolicy>): void => onChange({ ...policy, ...part });
  return (
    <section className="panel" aria-label={texts.how}>
      <div className="panel-head">
        <h2>{texts.how}</h2>
      </div>
      <div className="panel-body column wide">
        <div className="fleet-numbers">
          <Whole
            label={texts.jobs}
            why={texts.jobsWhy}
            value={policy.jobs}
            least={1}
            most={mostJobs}
            onChange={(jobs) => change({ jobs: jobs ?? 1 })}
          />
          <Whole
            label={texts.canary}
            why={texts.canaryWhy}
            value={policy.canary}
            least={0}
            most={10_000}
            onChange={(canary) => change({ canary: canary ?? 0 })}
          />
        </div>
        <Whole
          label={texts.failures}
          why={texts.failuresWhy}
          value={policy.maxFailures}
          least={1}
          most={10_000}
          placeholder={texts.never}
          onChange={(maxFailures) => change({ maxFailures })}
        />
        <Switch
          label={texts.pause}
          checked={policy.pauseBetweenStages}
          onChange={(event) => change({ pauseBetweenStages: event.currentTarget.checked })}
        />
        <Switch
          label={texts.rehearse}
          checked={policy.rehearse}
          onChange={(event) => change({ rehearse: event.currentTarget.checked })}
        />
      </div>
    </section>
  );
}

interface WholeProps {
  readonly label: string;
  readonly why: string;
  readonly value: number | null;
  readonly least: number;
  readonly most: number;
  readonly placeholder?: string;
  readonly onChange: (value: number | null) => void;
}

function Whole({ label, why, value, least, most, placeholder, onChange }: WholeProps) {
  return (
    <NumberInput
      label={label}
      description={why}
      value={value ?? ''}
      min={least}
      max={most}
      allowDecimal={false}
      clampBehavior="strict"
      {...(placeholder === undefined ? {} : { placeholder })}
      onChange={(typed) => onChange(typeof typed === 'number' ? typed : null)}
    />
  );
}
