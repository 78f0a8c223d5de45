/** What an interrupted run did, from evidence; the question that no evidence answers; and what may be done now. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ReconcileOffer, Reconciliation } from '../../../shared/model/reconcile.ts';
import type { Run } from '../../../shared/model/run.ts';
import { announce } from '../../components/LiveRegion.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReasonField } from '../../components/ReasonField.tsx';
import { backend } from '../../connection.ts';
import { formatDuration } from '../../format.ts';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { formatRoute, type Route } from '../../router.ts';
import { useAction } from '../../useAction.ts';
import { StepFindings } from './StepFindings.tsx';
import { reconcileTexts as texts } from './texts.ts';
import './reconcile.css';

/** Only of a run that did not come to its end. */
export function ReconcilePanel({ run }: { run: Run }) {
  const asked = run.outcome !== null && run.outcome !== 'succeeded' && run.steps.length > 0;
  const shown = useResource(asked ? readings.shownRun(run.id) : null);
  const reconciliation = shown.data?.reconciliation ?? null;
  const problem = shown.problem ?? shown.data?.problem ?? null;
  if (!asked || (reconciliation === null && problem === null)) return null;
  return (
    <section className="panel" aria-label={texts.whatHappened}>
      <div className="panel-head">
        <h2>{texts.whatHappenedFromEvidence}</h2>
      </div>
      <div className="panel-body column wide">
        {problem !== null && <ProblemNotice problem={problem} tone="unknown" />}
        {reconciliation !== null && <Found run={run} found={reconciliation} />}
      </div>
    </section>
  );
}

type Orphan = 'tell' | 'wait' | 'cancel';

function Found({ run, found }: { run: Run; found: Reconciliation }) {
  const [reason, setReason] = useState('');
  const reconciling = useAction(async (orphan: Orphan, answer: 'done' | 'notDone' | null) => {
    const result = await backend().runs.reconcile({
      id: run.id,
      orphan,
      answer,
      reason: reason.trim() === '' ? null : reason.trim(),
    });
    announce(result.problem === null ? texts.theRunIsReconciled : result.problem.message);
    await refresh(readings.shownRun(run.id));
  });
  const open = found.steps.find(({ verdict }) => verdict.kind === 'unknown');
  return (
    <>
      {found.orphan !== null && (
        <div className="row wraps" role="status">
          <span>
            {texts.theServerStillWorksFor(found.orphan.session)}
            {found.orphan.ageMs !== null && texts.for(formatDuration(found.orphan.ageMs))}
            {found.orphan.statement !== null && <span className="mono"> {found.orphan.statement}</span>}
          </span>
          <span className="row push" style={{ gap: 6 }}>
            <Button
              size="xs"
              variant="default"
              onClick={() => reconciling.run('wait', null)}
              loading={reconciling.busy}
            >
              {texts.waitForIt}
            </Button>
            <Button
              size="xs"
              variant="default"
              onClick={() => reconciling.run('cancel', null)}
              disabled={reconciling.busy}
            >
              {texts.cancelItsStatement}
            </Button>
          </span>
        </div>
      )}
      <StepFindings steps={found.steps} />
      {found.contradictions.map((words) => (
        <p key={words} className="contradiction">
          ▲ {words}
        </p>
      ))}
      {open !== undefined && (
        <fieldset className="column wide question">
          <legend>{texts.nothingTellsWhetherThisStatement(open.version)}</legend>
          {open.statement !== null && <pre className="mono">{open.statement.text}</pre>}
          <p className="second">{texts.lookAtTheDatabaseThen}</p>
          <ReasonField label={texts.howYouKnow} value={reason} onChange={setReason} required />
          <div className="row">
            <Button
              size="xs"
              variant="default"
              disabled={reason.trim() === '' || reconciling.busy}
              onClick={() => reconciling.run('tell', 'done')}
            >
              {texts.itTookEffect}
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={reason.trim() === '' || reconciling.busy}
              onClick={() => reconciling.run('tell', 'notDone')}
            >
              {texts.itDidNot}
            </Button>
          </div>
        </fieldset>
      )}
      {reconciling.problem !== null && <ProblemNotice problem={reconciling.problem} urgent />}
      <div className="row wraps">
        {!found.recorded && found.orphan === null && open === undefined && (
          <Button size="xs" onClick={() => reconciling.run('tell', null)} loading={reconciling.busy}>
            {texts.writeThisDown}
          </Button>
        )}
        {found.offers.map((offer) => (
          <Offer key={offer.action} run={run} offer={offer} />
        ))}
      </div>
    </>
  );
}

const offerWords: Readonly<Record<ReconcileOffer['action'], string>> = {
  resume: texts.goOnWithIt,
  rollBack: texts.rollBack,
  restore: texts.restoreTheBackup,
  markApplied: texts.markAsApplied,
  markReverted: texts.markAsRolledBack,
};

function Offer({ run, offer }: { run: Run; offer: ReconcileOffer }) {
  const route = routeOf(run, offer.action);
  const blocked = offer.problem !== null || route === null;
  const about = offer.problem === null ? offer.meaning : `${offer.problem.message} ${offer.problem.hint}`;
  if (blocked)
    return (
      <span className="second small" title={about}>
        {offerWords[offer.action].replace('…', '')}: {offer.problem?.message ?? offer.command}
      </span>
    );
  return (
    <Button component="a" size="xs" variant="default" href={formatRoute(route)} title={about}>
      {offerWords[offer.action]}
    </Button>
  );
}

function routeOf(run: Run, action: ReconcileOffer['action']): Route | null {
  const { environmentId: id } = run;
  if (id === null) return null;
  switch (action) {
    case 'resume':
    case 'rollBack':
      return { screen: 'resume', run: run.id, action };
    case 'restore':
      if (run.backup === null) return null;
      return {
        screen: 'restore',
        wanted: { backup: run.backup.id, file: null, environmentId: id, placement: 'swap', into: null },
      };
    case 'markApplied':
    case 'markReverted': {
      const version = run.steps.find((step) => step.outcome !== 'succeeded')?.version;
      return version === undefined ? null : { screen: 'repair', id, requests: [{ action, version }] };
    }
  }
}
