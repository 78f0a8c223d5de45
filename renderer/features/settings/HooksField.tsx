import { Button, Modal, NativeSelect, NumberInput, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Hook, usualHookActions } from '../../../shared/model/hook.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { backend } from '../../connection.ts';
import { formatDuration } from '../../format.ts';
import { useAction } from '../../useAction.ts';
import { type HookDraft, hookOf, noHook } from './hookDraft.ts';
import { settingsTexts as texts } from './texts.ts';

interface HooksFieldProps {
  readonly labelled: { readonly 'aria-labelledby': string };
  readonly hooks: readonly Hook[];
  /** Whose settings; null: the workspace's. */
  readonly environmentId: string | null;
  readonly say: (value: unknown) => void;
}

/** Each hook in a line, tried and removed there; new ones are made in a dialog. */
export function HooksField({ labelled, hooks, environmentId, say }: HooksFieldProps) {
  const [adding, setAdding] = useState(false);
  return (
    <div className="column" style={{ gap: 4 }}>
      {hooks.map((hook) => (
        <HookLine
          key={hook.name}
          hook={hook}
          environmentId={environmentId}
          onRemove={() => say(hooks.filter(({ name }) => name !== hook.name))}
        />
      ))}
      <div className="row">
        <Button size="compact-xs" variant="default" {...labelled} onClick={() => setAdding(true)}>
          {texts.addAHook}
        </Button>
      </div>
      {adding && (
        <HookDialog
          onClose={() => setAdding(false)}
          onSave={(hook) => {
            setAdding(false);
            say([...hooks.filter(({ name }) => name !== hook.name), hook]);
          }}
        />
      )}
    </div>
  );
}

interface HookLineProps {
  readonly hook: Hook;
  readonly environmentId: string | null;
  readonly onRemove: () => void;
}

function HookLine({ hook, environmentId, onRemove }: HookLineProps) {
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

function HookDialog({ onClose, onSave }: { onClose: () => void; onSave: (hook: Hook) => void }) {
  useReturnFocus();
  const [draft, setDraft] = useState<HookDraft>(noHook);
  const change = (changed: Partial<HookDraft>) => setDraft((before) => ({ ...before, ...changed }));
  const saving = useAction(async (hook: Hook) => {
    if (draft.secret !== '') await backend().hooks.setSecret({ name: hook.name, secret: draft.secret });
    onSave(hook);
  });
  const hook = hookOf(draft, usualHookActions);
  return (
    <Modal opened onClose={onClose} size="lg" title={<strong>{texts.addAHook}</strong>}>
      <form
        className="column wide"
        onSubmit={(event) => {
          event.preventDefault();
          if (hook !== null) saving.run(hook);
        }}
      >
        <p className="second">{texts.hooksMeaning}</p>
        <TextInput
          label={texts.hookName}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          data-autofocus
        />
        <div className="field-grid even">
          <NativeSelect
            label={texts.hookWhen}
            value={draft.moment}
            onChange={(event) => change({ moment: event.currentTarget.value === 'before' ? 'before' : 'after' })}
            data={[
              { value: 'before', label: texts.hookMoments.before },
              { value: 'after', label: texts.hookMoments.after },
            ]}
          />
          <NativeSelect
            label={texts.hookKind}
            value={draft.kind}
            onChange={(event) => change({ kind: event.currentTarget.value === 'webhook' ? 'webhook' : 'command' })}
            data={[
              { value: 'command', label: texts.hookKinds.command },
              { value: 'webhook', label: texts.hookKinds.webhook },
            ]}
          />
          <NumberInput
            label={texts.hookLimit}
            value={draft.timeout}
            onChange={(timeout) => change({ timeout })}
            min={1}
            max={3600}
            allowDecimal={false}
            hideControls
          />
        </div>
        {draft.kind === 'command' ? (
          <Textarea
            label={texts.command}
            description={texts.hookCommandHelp}
            value={draft.words}
            onChange={(event) => change({ words: event.currentTarget.value })}
            autosize
            minRows={3}
            spellCheck={false}
            classNames={{ input: 'mono' }}
          />
        ) : (
          <>
            <TextInput
              label={texts.hookAddress}
              description={texts.hookAddressHelp}
              value={draft.url}
              onChange={(event) => change({ url: event.currentTarget.value })}
              spellCheck={false}
              autoComplete="off"
            />
            <PasswordInput
              label={texts.hookSecret}
              description={texts.hookSecretHelp}
              value={draft.secret}
              onChange={(event) => change({ secret: event.currentTarget.value })}
              autoComplete="new-password"
            />
          </>
        )}
        {saving.problem !== null && <ProblemNotice problem={saving.problem} urgent />}
        <div className="row">
          <Button variant="default" onClick={onClose}>
            {texts.cancel}
          </Button>
          <Button type="submit" className="push" disabled={hook === null} loading={saving.busy}>
            {texts.setHook}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
