import { lazy, Suspense } from 'react';
import { closeDialog, useDialog } from './dialogs.ts';
import { RemoveDialog } from './RemoveDialog.tsx';
import { UnlockDialog } from './UnlockDialog.tsx';

const ConnectionDrawer = lazy(() => import('./ConnectionDrawer.tsx'));
const ImportDialog = lazy(() => import('./ImportDialog.tsx'));

export function EnvironmentDialogs() {
  const dialog = useDialog((state) => state.dialog);
  if (dialog === null) return null;
  switch (dialog.kind) {
    case 'add':
      return (
        <Suspense>
          <ConnectionDrawer editing={null} copyOf={dialog.copyOf} url={dialog.url} onClose={closeDialog} />
        </Suspense>
      );
    case 'edit':
      return (
        <Suspense>
          <ConnectionDrawer editing={dialog.summary} copyOf={null} url={null} onClose={closeDialog} />
        </Suspense>
      );
    case 'import':
      return (
        <Suspense>
          <ImportDialog onClose={closeDialog} />
        </Suspense>
      );
    case 'remove':
      return <RemoveDialog summary={dialog.summary} onClose={closeDialog} />;
    case 'unlock':
      return <UnlockDialog summary={dialog.summary} onClose={closeDialog} />;
  }
}
