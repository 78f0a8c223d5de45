/** A group, everything, or the tenants of one environment. */
import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { type TenantKind, tenantKinds } from '../../../shared/model/tenant.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { useAction } from '../../useAction.ts';
import { fleetTexts as texts } from './texts.ts';

interface FleetChoiceProps {
  readonly environments: readonly EnvironmentSummary[];
  readonly onChosen: (ids: readonly string[], name: string) => void;
}

export function FleetChoice({ environments, onChosen }: FleetChoiceProps) {
  const usable = environments.map(({ environment }) => environment).filter(({ source }) => source !== null);
  const groups = [...new Set(usable.map(({ group }) => group))].toSorted();
  const [group, setGroup] = useState('');
  const members = usable.filter((one) => group === '*' || `=${one.group}` === group);
  return (
    <div className="fleet-choice">
      <section className="panel" aria-label={texts.whichDatabases}>
        <div className="panel-body column wide">
          <NativeSelect
            label={texts.aGroup}
            value={group}
            data={[
              { value: '', label: texts.choose },
              ...groups.map((one) => ({ value: `=${one}`, label: one === '' ? texts.noGroup : one })),
              { value: '*', label: texts.everything },
            ]}
            onChange={(event) => setGroup(event.currentTarget.value)}
          />
          <div className="row">
            <span className="second">{members.length > 0 && texts.environments2(members.length)}</span>
            <Button
              className="push"
              disabled={members.length === 0}
              onClick={() =>
                onChosen(
                  members.map(({ id }) => id),
                  group === '*' ? texts.everything : group.slice(1),
                )
              }
            >
              {texts.planThem}
            </Button>
          </div>
        </div>
      </section>
      <Tenants environments={usable.filter(({ connection }) => connection.engine !== 'sqlite')} onChosen={onChosen} />
    </div>
  );
}

interface TenantsProps extends Pick<FleetChoiceProps, 'onChosen'> {
  readonly environments: readonly EnvironmentSummary['environment'][];
}

function Tenants({ environments, onChosen }: TenantsProps) {
  const [of, setOf] = useState('');
  const [kind, setKind] = useState<TenantKind>('database');
  const [query, setQuery] = useState('');
  const environment = environments.find(({ id }) => id === of);
  const finding = useAction(async () => {
    const { members } = await backend().fleets.tenants({ environmentId: of, query, kind });
    onChosen(
      members.map(({ id }) => id),
      environment?.name ?? '',
    );
  });
  if (environments.length === 0) return null;
  return (
    <section className="panel" aria-label={texts.tenants}>
      <div className="panel-head">
        <h2>{texts.tenants}</h2>
      </div>
      <div className="panel-body column wide">
        <p className="second small">{texts.tenantsWhy}</p>
        <div className="fleet-numbers">
          <NativeSelect
            label={texts.environment}
            value={of}
            data={[
              { value: '', label: texts.choose },
              ...environments.map(({ id, name, tier }) => ({ value: id, label: `${name} (${texts.tier(tier)})` })),
            ]}
            onChange={(event) => setOf(event.currentTarget.value)}
          />
          <NativeSelect
            label={texts.kind}
            value={kind}
            data={tenantKinds.map((one) => ({
              value: one,
              label: texts.kinds[one],
              disabled: one === 'schema' && environment?.connection.engine === 'mysql',
            }))}
            onChange={(event) => setKind(tenantKinds.find((one) => one === event.currentTarget.value) ?? 'database')}
          />
        </div>
        <Textarea
          label={texts.query}
          description={texts.queryWhy}
          placeholder={texts.queryExample}
          value={query}
          autosize
          minRows={2}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        {finding.problem !== null && <ProblemNotice problem={finding.problem} urgent />}
        <div className="row">
          <Button
            className="push"
            disabled={of === '' || query.trim() === ''}
            loading={finding.busy}
            onClick={finding.run}
          >
            {texts.find}
          </Button>
        </div>
      </div>
    </section>
  );
}
