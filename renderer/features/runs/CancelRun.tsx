import { Button, Popover, Tooltip } from '@mantine/core';
import { useState } from 'react';
import type { Environment } from '../../../shared/model/environment.ts';
import type { Run } from '../../../shared/model/run.ts';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useFocusFallback } from '../../components/useReturnFocus.ts';
import { backend } from '../../connection.ts';
import { useAction } from '../../useAction.ts';
import { cancelMeaning } from './runFacts.ts';
import { runTexts as texts } from './texts.ts';

interface CancelRunProps {
  readonly run: Run;
  /** Null: it is not known here. */
  readonly environment: Environment | null;
}

/** Says what a cancel undoes, and where, before it is given. */
export function CancelRun({ run, environment }: CancelRunProps) {
  useFocusFallback();
  const [opened, setOpened] = useState(false);
  const meaning = cancelMeaning(run);
  const cancelling = useAction(async () => {
    await backend().runs.cancel({ id: run.id });
    setOpened(false);
  });
  if (!meaning.possible) {
    return (
      <Tooltip label={meaning.words}>
        <Button variant="default" aria-disabled data-disabled onClick={(event) => event.preventDefault()}>
          {run.cancelRequested ? texts.cancelling : texts.cancelSafely}
        </Button>
      </Tooltip>
    );
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={450} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Button variant="default" onClick={() => setOpened(true)}>
          {texts.cancelSafely}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={texts.cancelTheRun}>
        <div className="column wide" data-colour={environment?.colour}>
          {environment !== null && <EnvironmentName environment={environment} />}
          <p>{meaning.words}</p>
          {cancelling.problem !== null && <ProblemNotice problem={cancelling.problem} urgent />}
          <div className="row">
            <Button variant="default" size="xs" onClick={() => setOpened(false)} data-autofocus>
              {texts.keepRunning}
            </Button>
            <Button size="xs" color="red" className="push" loading={cancelling.busy} onClick={cancelling.run}>
              {texts.cancelTheRunOn(run.environment)}
            </Button>
          </div>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
