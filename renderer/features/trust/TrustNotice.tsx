import { Button } from '@mantine/core';
import type { TrustRequest } from '../../../shared/model/trust.ts';
import { filled } from '../../components/filled.tsx';
import { formatRoute } from '../../router.ts';
import { trustTexts as texts } from './texts.ts';

/** Why some SQL cannot be shown yet, and the way to it. */
export function TrustNotice({ request, environmentId }: { request: TrustRequest; environmentId: string }) {
  const { programs } = request;
  const [first] = programs;
  return (
    <section className="problem" data-tone="attention" aria-label={texts.trustIsNeeded}>
      <p className="problem-title">{texts.thatNobodyHasTrustedYet(texts.migrationsArePrograms(programs.length))}</p>
      <p className="second">
        {filled(texts.nothingOfWasRunTrust, {
          path: programs.length === 1 ? <span className="mono">{first?.path}</span> : texts.them,
        })}
      </p>
      <div className="actions">
        <Button component="a" size="xs" href={formatRoute({ screen: 'trust', id: environmentId })}>
          {texts.readAndTrust}
        </Button>
      </div>
    </section>
  );
}
