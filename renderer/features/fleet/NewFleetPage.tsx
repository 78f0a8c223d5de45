/** Which databases a fleet has, what each of them would get, how it goes, and what is asked before it starts. */
import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { usualFleetPolicy } from '../../../shared/model/fleet.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { useAction } from '../../useAction.ts';
import { replaceRoute } from '../../useRoute.ts';
import { StageList } from '../gate/StageList.tsx';
import { FleetChoice } from './FleetChoice.tsx';
import { FleetGate } from './FleetGate.tsx';
import { FleetPlanTable } from './FleetPlanTable.tsx';
import { FleetPolicyPanel } from './FleetPolicyPanel.tsx';
import { fleetApprovals } from './fleetApprovals.ts';
import { stagesAhead } from './fleetFacts.ts';
import { answersAsked, type FleetAnswers, openQuestions, unanswered } from './fleetGate.ts';
import { fleetTexts as texts } from './texts.ts';
import { useFleetPlan } from './useFleetPlan.ts';
import './fleet.css';

interface NewFleetPageProps {
  readonly ids: readonly string[];
  readonly to: string | null;
}

export default function NewFleetPage({ ids, to }: NewFleetPageProps) {
  const environments = useResource(readings.environments());
  const [chosen, setChosen] = useState({ ids, name: '' });
  const known = environments.data;
  return (
    <div className="page">
      <nav className="crumbs" aria-label={texts.place}>
        <a href={formatRoute({ screen: 'environments' })}>{texts.environments}</a>
        <span aria-hidden="true">/</span>
        <a href={formatRoute({ screen: 'fleets' })}>{texts.fleets}</a>
      </nav>
      <div className="page-head">
        <h1 tabIndex={-1}>{chosen.ids.length === 0 ? texts.newFleet : texts.migrateMany(chosen.ids.length)}</h1>
        {to !== null && <span className="sub">{texts.upTo(to)}</span>}
      </div>
      {environments.problem !== null && <ProblemNotice problem={environments.problem} />}
      {known === null && environments.problem === null && <ReadingNotice>{texts.readingTheEnvironments}</ReadingNotice>}
      {known !== null && chosen.ids.length === 0 && (
        <FleetChoice environments={known} onChosen={(found, name) => setChosen({ ids: found, name })} />
      )}
      {known !== null && chosen.ids.length > 0 && (
        <Chosen ids={chosen.ids} to={to} name={chosen.name || nameOf(chosen.ids, known)} />
      )}
    </div>
  );
}

/** A whole group's name; of anything else how many there are. */
function nameOf(ids: readonly string[], known: readonly EnvironmentSummary[]): string {
  const groups = new Set(
    known.filter(({ environment }) => ids.includes(environment.id)).map(({ environment }) => environment.group),
  );
  const [group = ''] = groups;
  return groups.size === 1 && group !== '' ? group : texts.defaultName(ids.length);
}

interface ChosenProps extends NewFleetPageProps {
  readonly name: string;
}

function Chosen({ ids, to, name: given }: ChosenProps) {
  const planning = useFleetPlan(ids, to);
  const [policy, setPolicy] = useState(usualFleetPolicy);
  const [answers, setAnswers] = useState<FleetAnswers>(unanswered(given));
  const change = (part: Partial<FleetAnswers>): void => setAnswers((before) => ({ ...before, ...part }));
  const asked = useMemo(() => answersAsked(planning.members, answers.name), [planning.members, answers.name]);
  const starting = useAction(async () => {
    const fingerprints = planning.members.flatMap(({ id, plan }) =>
      plan?.fingerprint == null ? [] : [[id, plan.fingerprint] as const],
    );
    const { fleet } = await backend().fleets.start({
      name: answers.name.trim(),
      environmentIds: [...ids],
      wanted: { direction: 'up', ...(to === null ? {} : { to }) },
      policy,
      // A rehearsal tells more, and so makes another plan of it.
      fingerprints: policy.rehearse ? {} : Object.fromEntries(fingerprints),
      confirm: answers.typed === '' ? null : answers.typed,
      reason: answers.reason.trim() === '' ? null : answers.reason.trim(),
      accept: [...answers.accepted],
      approvals: fleetApprovals(ids),
    });
    replaceRoute({ screen: 'fleet', id: fleet });
  });
  if (planning.done && planning.problem === null && asked.pending === 0 && asked.refused === 0)
    return (
      <section className="panel">
        <EmptyState glyph="✓" title={texts.nothingPending} />
      </section>
    );
  const open = openQuestions(planning, asked, answers);
  return (
    <>
      {planning.problem !== null && <ProblemNotice problem={planning.problem} urgent />}
      {planning.members.length > 0 && <StageList stages={stagesAhead(planning.members, policy.canary)} />}
      <div className="gate-columns">
        <section className="column fleet-plan" aria-label={texts.membersLabel}>
          <h2>
            <span role="status">
              {planning.done
                ? texts.planned(planning.members.length, asked.pending)
                : texts.planning(planning.planned, ids.length)}
            </span>
          </h2>
          <FleetPlanTable members={planning.members} />
        </section>
        <div className="gate-side">
          <FleetPolicyPanel policy={policy} onChange={setPolicy} />
          <FleetGate asked={asked} rehearses={policy.rehearse} answers={answers} change={change} />
        </div>
      </div>
      {starting.problem !== null && <ProblemNotice problem={starting.problem} urgent />}
      <section className="start-bar" aria-label={texts.start} data-colour="grey">
        <Button component="a" variant="default" href={formatRoute({ screen: 'environments' })}>
          {texts.cancel}
        </Button>
        <strong>{answers.name}</strong>
        <span className="push second small still" role="status">
          {open.length > 0 ? texts.stillNeeded(open.join(', ')) : ''}
        </span>
        <Button disabled={open.length > 0 || asked.pending === 0} loading={starting.busy} onClick={starting.run}>
          {texts.migrateMany(asked.pending)}
        </Button>
      </section>
    </>
  );
}
