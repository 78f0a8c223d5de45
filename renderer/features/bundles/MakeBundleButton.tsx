import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { bundleTexts as texts } from './texts.ts';

const CreateDialog = lazy(() => import('./CreateDialog.tsx'));

/** Makes a bundle; `environmentId`: of its migrations, absent: of an environment that is chosen then. */
export function MakeBundleButton({ environmentId }: { environmentId?: string }) {
  const [making, setMaking] = useState(false);
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setMaking(true)}>
        {texts.makeABundle}
      </Button>
      {making && (
        <Suspense>
          <CreateDialog {...(environmentId === undefined ? {} : { environmentId })} onClose={() => setMaking(false)} />
        </Suspense>
      )}
    </>
  );
}
