/** No backend: says why and what to do, over the whole page. */
import { Button } from '@mantine/core';
import { connect, useConnection } from '../connection.ts';
import { shellTexts as texts } from './texts.ts';

const reasons = {
  session: {
    title: texts.thisTabIsNotSigned,
    what: 'The address it was opened with can be used once, or Lockkeeper was started again since.',
    next: 'Open the address that Lockkeeper printed when it started. If it has ended, start it again with the command below and open the address it prints.',
  },
  unreachable: {
    title: texts.lockkeeperDoesNotAnswer,
    what: 'It has ended, or the connection to the computer it runs on is cut. A run that was going on continues as long as Lockkeeper itself does.',
    next: 'Try again. If it has ended, start it again with the command below and open the address it prints; it then says how each run ended.',
  },
  port: {
    title: texts.theWindowHasLostLockkeeper,
    what: 'Its background part has ended or was started again.',
    next: 'Reload this window. If that does not help, quit and start Lockkeeper again; it then says how each run ended.',
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
