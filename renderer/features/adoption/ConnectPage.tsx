/** Connects a folder with a database that has a history already: tool, table, what it would mean; only then is it used. */
import { Button, Skeleton } from '@mantine/core';
import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { DetectReport } from '../../../shared/model/detection.ts';
import { EnvironmentBanner } from '../../components/EnvironmentName.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { type DetectionWanted, readings } from '../../readings.ts';
import { invalidate, refresh, useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { useAction } from '../../useAction.ts';
import { navigate } from '../../useRoute.ts';
import { useEnvironment } from '../environment/useEnvironment.ts';
import { openDialog } from '../environments/dialogs.ts';
import { ComparisonStep } from './ComparisonStep.tsx';
import { FolderStep } from './FolderStep.tsx';
import { TableStep } from './TableStep.tsx';
import './adoption.css';
import { adoptionTexts as texts } from './texts.ts';

export default function ConnectPage({ id }: { id: string }) {
  const { summary, problem } = useEnvironment(id);
  if (summary === null)
    return (
      <div className="page">{problem === null ? <Skeleton height={76} /> : <ProblemNotice problem={problem} />}</div>
    );
  return (
    <div className="page">
      <nav className="crumbs" aria-label={texts.place}>
        <a href="#/environments">{texts.environments}</a>
        <span aria-hidden="true">/</span>
        <a href={formatRoute({ screen: 'environment', id, tab: 'plan', run: null })}>{summary.environment.name}</a>
      </nav>
      <EnvironmentBanner
        environment={summary.environment}
        title={texts.folderToolAndHistory}
        where={texts.nothingIsWrittenToThe(summary.url)}
      />
      <Wizard summary={summary} />
    </div>
  );
}

const steps = [texts.folderAndTool, texts.historyTable, texts.comparison] as const;

function Wizard({ summary }: { summary: EnvironmentSummary }) {
  const { environment } = summary;
  const [step, setStep] = useState(0);
  const [wanted, setWanted] = useState<DetectionWanted>(() => startingWith(summary));
  const reading = wanted.path === '' ? null : readings.detection(environment.id, wanted);
  const detection = useResource(reading);
  const report = useLatest(detection.data);
  const comparison = report?.comparison ?? null;
  const current = detection.data !== null && detection.problem === null;
  const choose = (part: Partial<DetectionWanted>): void => setWanted((before) => ({ ...before, ...part }));
  const shown = useRef<HTMLDivElement>(null);
  const go = (to: number): void => {
    flushSync(() => setStep(to));
    shown.current?.querySelector('section')?.focus();
    announce(texts.stepOf(to + 1, steps.length, steps[to] ?? ''));
  };
  const using = useAction(async () => {
    if (comparison === null) return;
    const { placeholders } = environment.source ?? {};
    const historyTable = wanted.historyTable ?? comparison.namedTable;
    await backend().environments.edit({
      id: environment.id,
      source: {
        path: wanted.path,
        tool: comparison.tool,
        ...(historyTable === null ? {} : { historyTable }),
        ...(placeholders === undefined ? {} : { placeholders: { ...placeholders } }),
      },
    });
    await refresh(readings.environments());
    invalidate((key) => key.includes(environment.id));
    announce(texts.usesThisFolder(environment.name));
    navigate({ screen: 'environment', id: environment.id, tab: 'plan', run: null });
  });
  return (
    <>
      <ol className="wizard-steps" aria-label={texts.steps}>
        {steps.map((title, index) => (
          <li key={title} {...(index === step ? { 'aria-current': 'step' as const } : {})}>
            {index + 1}. {title}
          </li>
        ))}
      </ol>
      <div ref={shown}>
        {step === 0 && <FolderStep wanted={wanted} choose={choose} report={report} loading={detection.loading} />}
        {step === 1 && report !== null && <TableStep report={report} wanted={wanted} choose={choose} />}
        {step === 2 && report !== null && comparison !== null && (
          <ComparisonStep comparison={comparison} between={report.notices} />
        )}
      </div>
      {detection.problem !== null && (
        <ProblemNotice
          problem={detection.problem}
          urgent
          actions={
            detection.problem.code === 'connect.secretMissing' ? (
              <Button size="xs" onClick={() => openDialog({ kind: 'unlock', summary })}>
                {texts.enterPassword}
              </Button>
            ) : (
              reading !== null && (
                <Button size="xs" onClick={() => void refresh(reading)}>
                  {texts.lookAgain}
                </Button>
              )
            )
          }
        />
      )}
      {using.problem !== null && <ProblemNotice problem={using.problem} urgent />}
      <div className="row">
        {step > 0 && (
          <Button variant="default" onClick={() => go(step - 1)}>
            {texts.back}
          </Button>
        )}
        <span className="push" />
        {step < 2 ? (
          <Button disabled={comparison === null || !current} onClick={() => go(step + 1)}>
            {texts.next}
          </Button>
        ) : (
          <Button loading={using.busy} disabled={!current} onClick={using.run}>
            {texts.useThis}
          </Button>
        )}
      </div>
    </>
  );
}

/** What was told last stays in sight, and its controls in the keyboard's reach, while something else is looked at. */
function useLatest(report: DetectReport | null): DetectReport | null {
  const [latest, setLatest] = useState(report);
  if (report !== null && report !== latest) setLatest(report);
  return report ?? latest;
}

const startingWith = ({ environment: { source } }: EnvironmentSummary): DetectionWanted => ({
  path: source?.path ?? '',
  tool: source?.tool ?? null,
  historyTable: source?.historyTable ?? null,
});
