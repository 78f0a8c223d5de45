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

const DifferenceView = lazy(() => import('../../components/DifferenceView.tsx'));

export function ChecksumExplainer({ difference, engine }: { difference: ChecksumDifference; engine: EngineId }) {
  const { appliedText, currentText, recorded, current } = difference;
  return (
    <section className="column" aria-label={`What changed in ${difference.version}`}>
      <div className="row wraps">
        <Mark mark={differenceMarks[difference.kind]} />
        <span className="second">{difference.explanation}</span>
      </div>
      <div className="sides small">
        <Side title="As it was applied" checksum={recorded} text={appliedText}>
          {difference.appliedIn !== null && (
            <a className="link" href={formatRoute({ screen: 'run', id: difference.appliedIn })}>
              Its run
            </a>
          )}
        </Side>
        <Side title="As the file is now" checksum={current} text={currentText} />
      </div>
      <Texts difference={difference} engine={engine} />
      {difference.shortened && (
        <p className="small dim">The script is longer than what is compared here: look at the file itself.</p>
      )}
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
      <p className="note second">
        {appliedText === null
          ? 'The text that was applied is not kept on this computer, so there is nothing to put beside the file. Compare with your version control before you decide.'
          : 'The file itself cannot be shown.'}
      </p>
    );
  if (kind === 'same' || kind === 'lineEndings')
    return <p className="note second">Line for line, both texts are equal: only what ends the lines is not.</p>;
  return (
    <Suspense fallback={<Skeleton height={200} />}>
      <DifferenceView
        applied={appliedText}
        current={currentText}
        engine={engine}
        labels={[`${version} as it was applied`, `${version} as the file is now`]}
      />
    </Suspense>
  );
}
