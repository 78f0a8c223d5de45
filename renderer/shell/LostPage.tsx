/** No backend: says why and what to do, over the whole page. */
import { Button } from '@mantine/core';
import { connect, useConnection } from '../connection.ts';
import { shellTexts as texts } from './texts.ts';

const reasons = {
  session: {
    title: texts.thisTabIsNotSigned,
    what: texts.theAddressItWasOpened,
    next: texts.openTheAddressThatLockkeeper,
  },
  unreachable: {
    title: texts.lockkeeperDoesNotAnswer,
    what: texts.itHasEndedOrThe,
    next: texts.tryAgainIfItHas,
  },
  port: {
    title: texts.theWindowHasLostLockkeeper,
    what: texts.itsBackgroundPartHasEnded,
    next: texts.reloadThisWindowIfThat,
  },
} as const;

export function LostPage() {
  const connection = useConnection();
  if (connection.kind !== 'lost') return null;
  const reason = reasons[connection.why];
  return (
    <main className="full-state">
      <section className="panel" role="alert">
        <h1>{reason.title}</h1>
        <p className="second">{reason.what}</p>
        <p className="second">{reason.next}</p>
        {connection.why !== 'port' && <code className="code-line">{texts.lockkeeperServe}</code>}
        <div className="row">
          {connection.why === 'unreachable' && <Button onClick={() => void connect()}>{texts.tryAgain}</Button>}
          {connection.why === 'port' && <Button onClick={() => window.location.reload()}>{texts.reload}</Button>}
        </div>
      </section>
    </main>
  );
}
