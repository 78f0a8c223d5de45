/** The connection test: each rung with what was seen, and the fix where it failed. */
import { useEffect, useRef, useState } from 'react';
import type { ConnectionTest } from '../../../shared/model/status.ts';
import type { Problem } from '../../../shared/problem.ts';
import { filled } from '../../components/filled.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { checkMarks, checkWords } from '../../texts.ts';
import { useAction } from '../../useAction.ts';
import { connectionOf, type Draft } from './draft.ts';
import { HostKeyNotice } from './HostKeyNotice.tsx';
import { connectionTexts as texts } from './texts.ts';

export interface RunningTest {
  readonly run: () => void;
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly result: ConnectionTest | null;
}

/** @param id the stored environment whose password is used when none is typed. */
export function useConnectionTest(draft: Draft, id: string | null): RunningTest {
  const [result, setResult] = useState<ConnectionTest | null>(null);
  const action = useAction(async () => {
    setResult(null);
    setResult(
      await backend().environments.test({
        connection: connectionOf(draft),
        password: draft.password === '' ? null : draft.password,
        id,
      }),
    );
  });
  return { ...action, result };
}

export function ConnectionTestResult({ test, draft }: { test: RunningTest; draft: Draft }) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    if (test.result !== null || test.problem !== null) box.current?.scrollIntoView({ block: 'nearest' });
  }, [test.result, test.problem]);
  if (test.problem !== null)
    return (
      <section ref={box} className="drawer-section">
        <ProblemNotice problem={test.problem} urgent />
      </section>
    );
  if (test.result === null) return null;
  const { checks, identity, hostKey } = test.result;
  return (
    <section ref={box} className="drawer-section" aria-live="polite">
      <h3>{texts.connectionTest}</h3>
      <ol className="checks">
        {checks.map((check) => (
          <li key={check.name}>
            <div className="check-line">
              <span className="strong">{checkWords[check.name]}</span>
              <Mark mark={checkMarks[check.outcome]} />
              <span className="second wrap">{check.detail}</span>
            </div>
            {check.problem !== null && !(hostKey !== null && check.name === 'ssh') && (
              <ProblemNotice problem={check.problem} tone={check.outcome === 'warned' ? 'attention' : 'danger'} />
            )}
          </li>
        ))}
      </ol>
      {hostKey !== null && <HostKeyNotice hostKey={hostKey} connection={connectionOf(draft)} onTrusted={test.run} />}
      {identity !== null && (
        <p className="second">
          {filled(identity.user === '' ? texts.connectedTo : texts.connectedToAs, {
            server: (
              <strong>
                {identity.product} {identity.version}
              </strong>
            ),
            database: <strong>{identity.database}</strong>,
            user: <strong>{identity.user}</strong>,
          })}
        </p>
      )}
    </section>
  );
}
