/** Which versions of the application this database suits, and what came with each. */
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { type CompatibilityReport, describeVerdict } from '../../../shared/model/compatibility.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { Changes } from './Changes.tsx';
import { CompatibilityMatrix } from './CompatibilityMatrix.tsx';
import { suitabilityMark } from './marks.ts';
import { compatibilityTexts as texts } from './texts.ts';

export default function VersionsTab({ summary }: { summary: EnvironmentSummary }) {
  const { id } = summary.environment;
  const [application, setApplication] = useState<string | null>(null);
  const { data, problem } = useResource(readings.compatibility(id, application));
  if (problem !== null) return <ProblemNotice problem={problem} />;
  return (
    <div className="column wide">
      <Ask onAsk={setApplication} />
      {data === null ? <ReadingNotice>{texts.reading}</ReadingNotice> : <Report report={data} environmentId={id} />}
    </div>
  );
}

function Ask({ onAsk }: { onAsk: (version: string | null) => void }) {
  const [typed, setTyped] = useState('');
  const ask = (event: FormEvent): void => {
    event.preventDefault();
    onAsk(typed.trim() === '' ? null : typed.trim());
  };
  return (
    <form className="row wraps" style={{ alignItems: 'end' }} onSubmit={ask}>
      <TextInput
        label={texts.versionOfTheApplication}
        placeholder={texts.anotherVersion}
        value={typed}
        maxLength={200}
        w={280}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {texts.check}
      </Button>
    </form>
  );
}

function Report({ report, environmentId }: { report: CompatibilityReport; environmentId: string }) {
  const { verdict, applications, basis } = report;
  if (applications.length === 0) return <EmptyState title={texts.nothingYet}>{texts.nothingTells}</EmptyState>;
  return (
    <>
      {verdict !== null && (
        <section className="panel row wraps" style={{ padding: 12 }} aria-live="polite">
          <Mark mark={suitabilityMark(verdict.suitability)} />
          <span>{describeVerdict(verdict)}</span>
          {verdict.suitability === 'tooOld' && verdict.needs !== null && (
            <a
              className="link push"
              href={formatRoute({
                screen: 'migrate',
                id: environmentId,
                target: { direction: 'up', to: verdict.needs },
              })}
            >
              {texts.planThem(verdict.missing.length)}
            </a>
          )}
        </section>
      )}
      {basis === 'history' && <p className="second">{texts.derived}</p>}
      <CompatibilityMatrix report={report} />
      <Changes applications={applications} />
    </>
  );
}
