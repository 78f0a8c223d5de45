/** A plan file as it was carried here: read, and approved with this installation's key. */
import { Button } from '@mantine/core';
import type { PlanFileStep, PlanFileView, ShownApproval } from '../../../shared/model/approval.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { focusable } from '../../components/focusable.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { backend } from '../../connection.ts';
import { formatTime } from '../../format.ts';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { navigate } from '../../useRoute.ts';
import { ApprovePanel } from './ApprovePanel.tsx';
import { type OpenFile, pickPlanFile, rememberApprovals, usePlanFile } from './planFile.ts';
import { TrustApprover } from './TrustApprover.tsx';
import { approvalTexts as texts } from './texts.ts';

export default function PlanFilePage() {
  const { file } = usePlanFile();
  if (file === null)
    return (
      <div className="page">
        <EmptyState
          title={texts.noFile}
          heading="h1"
          actions={
            <Button variant="default" onClick={pickPlanFile}>
              {texts.openFile}
            </Button>
          }
        >
          {texts.noFileHelp}
        </EmptyState>
      </div>
    );
  return <Opened key={file.id} file={file} />;
}

function Opened({ file }: { file: OpenFile }) {
  const { data, problem } = useResource(readings.planFile(file));
  return (
    <div className="page">
      <nav className="crumbs" aria-label={texts.place}>
        <a href="#/environments">{texts.environments}</a>
        <span aria-hidden="true">/</span>
        <span>{file.name}</span>
      </nav>
      <div className="page-head">
        <h1 tabIndex={-1}>{data === null ? texts.title : titleOf(data)}</h1>
      </div>
      {problem !== null && <ProblemNotice problem={problem} urgent />}
      {data === null && problem === null && <ReadingNotice>{texts.reading}</ReadingNotice>}
      {data !== null && <Plan file={file} view={data} />}
    </div>
  );
}

const titleOf = ({ request, steps, environment }: PlanFileView): string =>
  request.direction === 'up' ? texts.migrate(steps.length, environment) : texts.rollBack(steps.length, environment);

function Plan({ file, view }: { file: OpenFile; view: PlanFileView }) {
  const going = useAction(async () => {
    const { environmentId, target, approvals } = await backend().planFiles.open({ name: file.name, text: file.text });
    if (environmentId === null) return;
    rememberApprovals(environmentId, approvals);
    await refresh(readings.plan(environmentId, target));
    navigate({ screen: 'migrate', id: environmentId, target });
  });
  return (
    <>
      <p className="second">
        {texts.on(view.database, view.engine)} · {texts.plannedBy(view.createdBy, formatTime(view.createdAt))} ·{' '}
        <span className="mono">{view.fingerprint.slice(0, 16)}</span>
      </p>
      <p className="dim">{texts.readOnly}</p>
      <div className="gate-columns">
        <section className="column" aria-label={texts.steps}>
          <h2>{texts.steps}</h2>
          {view.steps.map((step) => (
            <Step key={`${step.action} ${step.version} ${step.path}`} step={step} />
          ))}
        </section>
        <div className="gate-side">
          <Approvals file={file} approvals={view.approvals} />
          <ApprovePanel file={file} environment={view.environment} />
          <section className="panel" aria-label={texts.title}>
            <div className="panel-body column">
              {view.environmentId === null ? (
                <p className="second">{texts.notHere(view.environment)}</p>
              ) : (
                <Button variant="default" loading={going.busy} onClick={going.run}>
                  {texts.goTo(view.environment)}
                </Button>
              )}
              {going.problem !== null && <ProblemNotice problem={going.problem} urgent />}
            </div>
          </section>
        </div>
      </div>
    </>
  );
}

function Step({ step }: { step: PlanFileStep }) {
  return (
    <section className="panel" aria-label={`${step.version} ${step.name}`}>
      <div className="panel-head">
        <h3>
          {step.action === 'apply' ? texts.apply : texts.revert} <span className="mono">{step.version}</span>{' '}
          {step.description ?? step.name}
        </h3>
      </div>
      <div className="panel-body column">
        {step.hazards.length === 0 && <p className="dim small">{texts.noHazards}</p>}
        {step.hazards.map(({ code, line, message }) => (
          <p key={`${code} ${line} ${message}`} className="small">
            <strong>{code}</strong> {message}
          </p>
        ))}
        {step.script === null ? (
          <p className="mono small">{texts.notShown(step.sha256)}</p>
        ) : (
          <section className="raw" aria-label={step.path} {...focusable}>
            <pre>{step.script}</pre>
          </section>
        )}
      </div>
    </section>
  );
}

function Approvals({ file, approvals }: { file: OpenFile; approvals: readonly ShownApproval[] }) {
  return (
    <section className="panel" aria-label={texts.approvals}>
      <div className="panel-head">
        <h2>{texts.approvals}</h2>
      </div>
      <div className="panel-body column">
        {approvals.length === 0 && <p className="dim">{texts.none}</p>}
        {approvals.map((approval) => (
          <div key={`${approval.fingerprint} ${approval.at}`} className="column" style={{ gap: 2 }}>
            <span>
              <span aria-hidden="true">{approval.valid ? '✓' : '▲'}</span>{' '}
              {texts.by(approval.by, formatTime(approval.at))}
            </span>
            <span className="small dim">{standing(approval)}</span>
            {approval.valid && !approval.own && approval.trustedAs === null && (
              <TrustApprover file={file} approval={approval} />
            )}
            {approval.note !== null && <span className="small">“{approval.note}”</span>}
          </div>
        ))}
      </div>
    </section>
  );
}

function standing({ valid, own, trustedAs, fingerprint }: ShownApproval): string {
  if (!valid) return texts.invalid;
  if (own) return texts.own;
  return trustedAs === null ? texts.untrusted(fingerprint) : texts.trustedAs(trustedAs);
}
