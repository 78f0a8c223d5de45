/** Bundles: a place to drop one, or the one that is open with everything about it. */
import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { BundleView } from './BundleView.tsx';
import { openPath, pickBundle, useBringing } from './bring.ts';
import { MakeBundleButton } from './MakeBundleButton.tsx';
import { bundleTexts as texts } from './texts.ts';
import './bundles.css';

interface BundlesPageProps {
  /** The open one. */
  readonly digest: string | null;
  /** Path of one that the system handed over. */
  readonly file: string | null;
  /** The environment that it is checked against. */
  readonly environmentId: string | null;
}

export default function BundlesPage({ digest, file, environmentId }: BundlesPageProps) {
  const { name, problem } = useBringing();
  useEffect(() => {
    if (file !== null) void openPath(file);
  }, [file]);
  return (
    <div className="page">
      <div className="page-head">
        <h1 tabIndex={-1}>{texts.bundles}</h1>
        <p className="sub">{texts.whatTheyAre}</p>
        <div className="row wraps push">
          <MakeBundleButton />
          <Button variant={digest === null ? 'filled' : 'default'} size="xs" onClick={pickBundle}>
            {digest === null ? texts.openABundle : texts.openAnother}
          </Button>
        </div>
      </div>
      {name !== null && <ReadingNotice>{texts.reading(name)}</ReadingNotice>}
      {problem !== null && <ProblemNotice problem={problem} urgent />}
      {digest === null ? name === null && <DropZone /> : <Opened digest={digest} environmentId={environmentId} />}
    </div>
  );
}

function DropZone() {
  return (
    <section className="panel drop-zone">
      <EmptyState
        glyph="⇩"
        title={texts.dropItHere}
        actions={
          <Button variant="default" onClick={pickBundle}>
            {texts.openABundle}
          </Button>
        }
      >
        {texts.orChooseOne}
      </EmptyState>
    </section>
  );
}

function Opened({ digest, environmentId }: { digest: string; environmentId: string | null }) {
  const reading = readings.bundle(digest);
  const { data, problem } = useResource(reading);
  if (problem !== null)
    return (
      <ProblemNotice
        problem={problem}
        urgent
        actions={
          problem.code === 'bundle.notFound' ? (
            <Button size="xs" onClick={pickBundle}>
              {texts.openAgain}
            </Button>
          ) : (
            <Button size="xs" onClick={() => void refresh(reading)}>
              {texts.checkAgain}
            </Button>
          )
        }
      />
    );
  if (data === null) return <ReadingNotice>{texts.readingTheBundle}</ReadingNotice>;
  return <BundleView key={digest} report={data} environmentId={environmentId} />;
}
