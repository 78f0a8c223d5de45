/** Why a recorded checksum and the file's are not the same: a verdict, then both texts side by side. */
import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { ChecksumDifference } from '../../../shared/model/repair.ts';
import { Mark } from '../../components/Mark.tsx';
import { shortDigest } from '../../format.ts';
import { formatRoute } from '../../router.ts';
import { differenceMarks } from '../../texts.ts';
import { lineEndWords } from './lineEnds.ts';
import './repair.css';
import { repairTexts as texts } from './texts.ts';

const DifferenceView = lazy(() => import('../../components/DifferenceView.tsx'));

export function ChecksumExplainer({ difference, engine }: { difference: ChecksumDifference; engine: EngineId }) {
  const { appliedText, currentText, recorded, current } = difference;
  return (
    <section className="column" aria-label={texts.whatChangedIn(difference.version)}>
      <div className="row wraps">
        <Mark mark={differenceMarks[difference.kind]} />
        <span className="second">{difference.explanation}</span>
      </div>
      <div className="sides small">
        <Side title={texts.asItWasApplied} checksum={recorded} text={appliedText}>
          {difference.appliedIn !== null && (
            <a className="link" href={formatRoute({ screen: 'run', id: difference.appliedIn })}>
              {texts.itsRun}
            </a>
          )}
        </Side>
        <Side title={texts.asTheFileIsNow} checksum={current} text={currentText} />
      </div>
      <Texts difference={difference} engine={engine} />
      {difference.shortened && <p className="small dim">{texts.theScriptIsLongerThan}</p>}
    </section>
  );
}

interface SideProps {
  readonly title: string;
  readonly checksum: string | null;
  readonly text: string | null;
  readonly children?: React.ReactNode;
}

function Side({ title, checksum, text, children }: SideProps) {
  return (
    <div className="row wraps">
      <span className="strong">{title}</span>
      {checksum !== null && (
        <span className="mono dim" title={checksum}>
          {shortDigest(checksum)}
        </span>
      )}
      {text !== null && <span className="dim">{lineEndWords(text)}</span>}
      {children}
    </div>
  );
}

function Texts({ difference, engine }: { difference: ChecksumDifference; engine: EngineId }) {
  const { appliedText, currentText, kind, version } = difference;
  if (appliedText === null || currentText === null)
    return (
      <p className="note second">{appliedText === null ? texts.theTextThatWasApplied : texts.theFileItselfCannotBe}</p>
    );
  if (kind === 'same' || kind === 'lineEndings') return <p className="note second">{texts.lineForLineBothTexts}</p>;
  return (
    <Suspense fallback={<Skeleton height={200} />}>
      <DifferenceView
        applied={appliedText}
        current={currentText}
        engine={engine}
        labels={[texts.asItWasApplied2(version), texts.asTheFileIsNow2(version)]}
      />
    </Suspense>
  );
}
