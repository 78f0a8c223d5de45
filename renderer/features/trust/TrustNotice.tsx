import { Button } from '@mantine/core';
import type { TrustRequest } from '../../../shared/model/trust.ts';
import { formatCount } from '../../format.ts';
import { formatRoute } from '../../router.ts';
import { trustTexts as texts } from './texts.ts';

/** Why some SQL cannot be shown yet, and the way to it. */
export function TrustNotice({ request, environmentId }: { request: TrustRequest; environmentId: string }) {
  const { programs } = request;
  const [first] = programs;
  return (
    <section className="problem" data-tone="attention" aria-label={texts.trustIsNeeded}>
      <p className="problem-title">
        {formatCount(programs.length, 'migration is a program', 'migrations are programs')} that nobody has trusted yet
      </p>
      <p className="second">
        Nothing of {programs.length === 1 ? <span className="mono">{first?.path}</span> : 'them'} was run. Trust is
        needed to show the SQL, and to run it.
      </p>
      <div className="actions">
        <Button component="a" size="xs" href={formatRoute({ screen: 'trust', id: environmentId })}>
          {texts.readAndTrust}
        </Button>
      </div>
    </section>
  );
}
