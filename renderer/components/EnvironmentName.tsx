/** An environment as it appears on every surface: coloured edge, name, tier word. */
import type { ReactNode } from 'react';
import type { Environment, Tier } from '../../shared/model/environment.ts';
import { tierWords } from '../texts.ts';

export function TierWord({ tier }: { tier: Tier }) {
  return (
    <span className="tier" data-tier={tier}>
      {tierWords[tier]}
    </span>
  );
}

export function EnvironmentName({ environment }: { environment: Pick<Environment, 'name' | 'tier' | 'colour'> }) {
  return (
    <span className="environment-name" data-colour={environment.colour}>
      <span className="edge" aria-hidden="true" />
      <span className="clip">{environment.name}</span>
      <TierWord tier={environment.tier} />
    </span>
  );
}

interface BannerProps {
  readonly environment: Pick<Environment, 'name' | 'tier' | 'colour'>;
  /** What the page does, e.g. `Migrate`; the name alone without it. */
  readonly title?: string;
  readonly where?: ReactNode;
  readonly children?: ReactNode;
}

/** The head of a page from which an environment can be changed. */
export function EnvironmentBanner({ environment, title, where, children }: BannerProps) {
  return (
    <header className="panel banner" data-colour={environment.colour}>
      <div className="column" style={{ gap: 2 }}>
        <div className="row wraps">
          <h1 tabIndex={-1}>{title ?? environment.name}</h1>
          {title !== undefined && <span className="strong">{environment.name}</span>}
          <TierWord tier={environment.tier} />
        </div>
        {where !== undefined && <div className="where wrap">{where}</div>}
      </div>
      {children !== undefined && <div className="row wraps push">{children}</div>}
    </header>
  );
}
