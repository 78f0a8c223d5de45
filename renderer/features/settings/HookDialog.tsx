/** A hook is made or changed: when it runs, of which runs, and what it is. */
import { Checkbox, NativeSelect, NumberInput, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Hook, leastHookSecret } from '../../../shared/model/hook.ts';
import { runActions } from '../../../shared/model/run.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { backend } from '../../connection.ts';
import { actionWords } from '../../texts.ts';
import { useAction } from '../../useAction.ts';
import { draftOf, type HookDraft, hasSecret, hookOf } from './hookDraft.ts';
import { settingsTexts as texts } from './texts.ts';

interface HookDialogProps {
  /** Null: a new one. */
  readonly hook: Hook | null;
  readonly onClose: () => void;
  readonly save: (hook: Hook) => Promise<void>;
}

interface FieldsProps {
  readonly draft: HookDraft;
  readonly change: (changed: Partial<HookDraft>) => void;
}

export default function HookDialog({ hook: before, onClose, save }: HookDialogProps) {
  const [draft, setDraft] = useState(() => draftOf(before));
  const change = (changed: Partial<HookDraft>) => setDraft((earlier) => ({ ...earlier, ...changed }));
  const hook = hookOf(draft, before);
  const saving = useAction(async () => {
    if (hook === null) return;
    if (hook.kind === 'webhook' && hook.signed && draft.secret !== '')
      await backend().hooks.setSecret({ name: hook.name, secret: draft.secret });
    await save(hook);
    onClose();
  });
  return (
    <DialogForm
      title={before === null ? texts.newHook : texts.editHook(before.name)}
      size="lg"
      action={saving}
      ready={hook !== null}
      words={{ submit: texts.setHook, cancel: texts.cancel }}
      onClose={onClose}
    >
      <p className="second">{texts.hooksMeaning}</p>
      <WhenFields draft={draft} change={change} />
      {draft.kind === 'command' ? (
        <CommandFields draft={draft} change={change} />
      ) : (
        <WebhookFields draft={draft} change={change} keptSecret={hasSecret(draft, before)} />
      )}
    </DialogForm>
  );
}

function WhenFields({ draft, change }: FieldsProps) {
  return (
    <>
      <div className="field-grid even">
        <TextInput
          label={texts.hookName}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          maxLength={100}
          data-autofocus
          required
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
      </div>
      <Checkbox.Group
        label={texts.hookActions}
        value={[...draft.actions]}
        onChange={(values) => change({ actions: runActions.filter((one) => values.includes(one)) })}
      >
        <div className="hook-actions">
          {runActions.map((one) => (
            <Checkbox key={one} value={one} label={actionWords[one]} />
          ))}
        </div>
      </Checkbox.Group>
    </>
  );
}

function CommandFields({ draft, change }: FieldsProps) {
  return (
    <>
      <TextInput
        label={texts.hookProgram}
        description={texts.hookProgramHelp}
        value={draft.program}
        onChange={(event) => change({ program: event.currentTarget.value })}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: 'mono' }}
        required
      />
      <Textarea
        label={texts.hookWords}
        description={texts.hookWordsHelp}
        value={draft.words}
        onChange={(event) => change({ words: event.currentTarget.value })}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        classNames={{ input: 'mono' }}
      />
      <TextInput
        label={texts.hookFolder}
        description={texts.hookFolderHelp}
        value={draft.folder}
        onChange={(event) => change({ folder: event.currentTarget.value })}
        spellCheck={false}
        autoComplete="off"
        classNames={{ input: 'mono' }}
      />
    </>
  );
}

function WebhookFields({ draft, change, keptSecret }: FieldsProps & { readonly keptSecret: boolean }) {
  return (
    <>
      <TextInput
        label={texts.hookAddress}
        description={texts.hookAddressHelp}
        value={draft.url}
        onChange={(event) => change({ url: event.currentTarget.value })}
        spellCheck={false}
        autoComplete="off"
        required
      />
      <Checkbox
        label={texts.hookSigned}
        checked={draft.signed}
        onChange={(event) => change({ signed: event.currentTarget.checked })}
      />
      {draft.signed && (
        <PasswordInput
          label={texts.hookSecret}
          description={keptSecret ? texts.hookSecretStays : texts.hookSecretHelp(leastHookSecret)}
          value={draft.secret}
          onChange={(event) => change({ secret: event.currentTarget.value })}
          autoComplete="new-password"
          required={!keptSecret}
        />
      )}
    </>
  );
}
