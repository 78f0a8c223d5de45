import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { Hook } from '../../../shared/model/hook.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { formatDuration } from '../../format.ts';
import { useAction } from '../../useAction.ts';
import { settingsTexts as texts } from './texts.ts';

const HookDialog = lazy(() => import('./HookDialog.tsx'));

interface HooksFieldProps {
  readonly labelled: { readonly 'aria-labelledby': string };
  readonly hooks: readonly Hook[];
  /** Whose settings; null: the workspace's. */
  readonly environmentId: string | null;
  readonly say: (value: unknown) => void;
  /** Rejects when it is refused. */
  readonly save: (value: unknown) => Promise<void>;
}

/** Each hook in a line, tried, changed and removed there; new ones are made in a dialog. */
export function HooksField({ labelled, hooks, environmentId, say, save }: HooksFieldProps) {
  /** Null: a new one; undefined: none. */
  const [editing, setEditing] = useState<Hook | null | undefined>(undefined);
  return (
    <div className="column" style={{ gap: 4 }}>
      {hooks.map((hook) => (
        <HookLine
          key={hook.name}
          hook={hook}
          environmentId={environmentId}
          onEdit={() => setEditing(hook)}
          onRemove={() => say(hooks.filter((one) => one !== hook))}
        />
      ))}
      <div className="row">
        <Button size="compact-xs" variant="default" {...labelled} onClick={() => setEditing(null)}>
          {texts.addAHook}
        </Button>
      </div>
      {editing !== undefined && (
        <Suspense>
          <HookDialog
            hook={editing}
            onClose={() => setEditing(undefined)}
            save={(hook) =>
              save(editing === null ? [...hooks, hook] : hooks.map((one) => (one === editing ? hook : one)))
            }
          />
        </Suspense>
      )}
    </div>
  );
}

interface HookLineProps {
  readonly hook: Hook;
  readonly environmentId: string | null;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

function HookLine({ hook, environmentId, onEdit, onRemove }: HookLineProps) {
  const [told, setTold] = useState<string | null>(null);
  const trying = useAction(async () => {
    setTold(null);
    const { durationMs } = await backend().hooks.test({ environmentId, name: hook.name });
    setTold(texts.hookDone(formatDuration(durationMs)));
  });
  return (
    <div className="column" style={{ gap: 2 }}>
      <div className="row">
        <span className="strong clip">{hook.name}</span>
        <Button
          size="compact-xs"
          variant="subtle"
          className="push"
          style={{ flexShrink: 0 }}
          loading={trying.busy}
          aria-label={texts.tryHookNamed(hook.name)}
          onClick={trying.run}
        >
          {texts.tryHook}
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          style={{ flexShrink: 0 }}
          aria-label={texts.editHookNamed(hook.name)}
          onClick={onEdit}
        >
          {texts.change}
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          style={{ flexShrink: 0 }}
          aria-label={texts.removeHookNamed(hook.name)}
          onClick={onRemove}
        >
          {texts.removeHook}
        </Button>
      </div>
      <span className="small second">{texts.hookMoments[hook.moment]}</span>
      <span className="mono clip small dim">{hook.kind === 'command' ? hook.command.join(' ') : hook.url}</span>
      {told !== null && (
        <span className="small" role="status">
          {told}
        </span>
      )}
      {trying.problem !== null && <ProblemNotice problem={trying.problem} urgent />}
    </div>
  );
}
