import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly glyph?: string;
  readonly title: string;
  /** `h1` where it is the whole page. */
  readonly heading?: 'h1' | 'h2';
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** Nothing to show: says why, and what to do about it. */
export function EmptyState({ glyph, title, heading: Heading = 'h2', children, actions }: EmptyStateProps) {
  return (
    <div className="empty">
      {glyph !== undefined && (
        <span className="empty-glyph" aria-hidden="true">
          {glyph}
        </span>
      )}
      <Heading>{title}</Heading>
      {children !== undefined && <p>{children}</p>}
      {actions !== undefined && <div className="actions">{actions}</div>}
    </div>
  );
}
