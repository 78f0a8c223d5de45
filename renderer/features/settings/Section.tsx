import type { ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** One concern of the settings, with its heading. */
export function Section({ title, action, children }: SectionProps) {
  return (
    <section className="panel" aria-label={title}>
      <div className="panel-head">
        <h2>{title}</h2>
        {action !== undefined && <span className="push">{action}</span>}
      </div>
      <div className="panel-body">{children}</div>
    </section>
  );
}
