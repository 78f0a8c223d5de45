import type { ReactNode } from 'react';

/** Says what is being read while there is nothing to show yet. */
export function ReadingNotice({ children }: { children: ReactNode }) {
  return (
    <p className="dim" role="status">
      {children}
    </p>
  );
}
