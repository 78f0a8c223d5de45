import { Modal } from '@mantine/core';
import { CopyLine } from '../../components/CopyText.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { keyTexts as texts } from './texts.ts';

/** What others need to believe this installation. Asked for, since the key is made at its first use. */
export default function OwnKeyDialog({ onClose }: { onClose: () => void }) {
  useReturnFocus();
  const { data: key, problem } = useResource(readings.ownKey());
  return (
    <Modal opened onClose={onClose} size="lg" title={<strong>{texts.ownTitle}</strong>}>
      <div className="column wide">
        <p className="second">{texts.ownHelp}</p>
        {problem !== null && <ProblemNotice problem={problem} tone="attention" />}
        {key === null && problem === null && <ReadingNotice>{texts.readingOwn}</ReadingNotice>}
        {key !== null && (
          <>
            <div className="column">
              <span className="strong">{texts.key}</span>
              <CopyLine value={key.publicKey} label={texts.copyKey} />
            </div>
            <div className="column">
              <span className="strong">{texts.fingerprint}</span>
              <CopyLine value={key.fingerprint} label={texts.copyFingerprint} />
            </div>
          </>
        )}
      </div>
    </Modal>
  );
}
