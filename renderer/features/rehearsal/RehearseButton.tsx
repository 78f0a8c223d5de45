/** Starts a rehearsal as it is usually wanted, or asks how. */
import { ActionIcon, Button } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { useCommand } from '../../commands/useCommand.ts';
import { rehearsalTexts as texts } from './texts.ts';
import type { Rehearsing } from './useRehearsing.ts';

const RehearseDialog = lazy(() => import('./RehearseDialog.tsx'));

interface RehearseButtonProps {
  readonly summary: EnvironmentSummary;
  readonly rehearsing: Rehearsing;
  readonly label: 'Rehearse' | 'Rehearse again';
  readonly primary: boolean;
}

export function RehearseButton({ summary, rehearsing, label, primary }: RehearseButtonProps) {
  const [asking, setAsking] = useState(false);
  const start = (): void => rehearsing.start();
  useCommand('environment.rehearse', start, {
    enabled: !rehearsing.busy,
    title: texts.rehearseOnACopyOf(summary.environment.name),
    environment: summary.environment,
  });
  return (
    <span className="row" style={{ gap: 4 }}>
      <Button variant={primary ? 'filled' : 'default'} loading={rehearsing.busy} onClick={start}>
        {label}
      </Button>
      <ActionIcon
        size="lg"
        variant="default"
        aria-label={texts.rehearseWithOptions}
        disabled={rehearsing.busy}
        onClick={() => setAsking(true)}
      >
        <IconAdjustmentsHorizontal size={17} />
      </ActionIcon>
      {asking && (
        <Suspense>
          <RehearseDialog
            environment={summary.environment}
            onClose={() => setAsking(false)}
            onStart={(options) => {
              setAsking(false);
              rehearsing.start(options);
            }}
          />
        </Suspense>
      )}
    </span>
  );
}
