import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly glyph?: string;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** Nothing to show: says why, and what to do about it. */
export function EmptyState({ glyph, title, children, actions }: EmptyStateProps) {
  return (
    <div className="empty">
      {glyph !== undefined && (
        <span className="empty-glyph" aria-hidden="true">
          {glyph}
        </span>
      )}
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {actions !== undefined && <div className="actions">{actions}</div>}
    </div>
  );
}
