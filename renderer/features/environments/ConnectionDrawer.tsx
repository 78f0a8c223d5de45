/** Adds or edits an environment: paste or fill in, test, choose the folder, save. */
import { Button, Drawer, TextInput } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { invalidate, refresh, useResource } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { navigate } from '../../useRoute.ts';
import { ConnectionFields } from './ConnectionFields.tsx';
import { ConnectionTestResult, useConnectionTest } from './ConnectionTest.tsx';
import {
  type Draft,
  draftOf,
  emptyDraft,
  inputOf,
  missingConnection,
  missingFields,
  patchOf,
  withConnection,
} from './draft.ts';
import { IdentityFields } from './IdentityFields.tsx';
import { SecretFields } from './SecretFields.tsx';
import { SourceFields } from './SourceFields.tsx';
import './drawer.css';
import { connectionTexts as texts } from './texts.ts';

interface ConnectionDrawerProps {
  readonly editing: EnvironmentSummary | null;
  readonly copyOf: EnvironmentSummary | null;
  readonly url: string | null;
  readonly onClose: () => void;
}

export default function ConnectionDrawer({ editing, copyOf, url, onClose }: ConnectionDrawerProps) {
  useReturnFocus();
  const [draft, setDraft] = useState<Draft>(() => startingDraft(editing, copyOf));
  const [tried, setTried] = useState(false);
  const [browsing, setBrowsing] = useState(false);
  const keychain = useResource(readings.info()).data?.keychain ?? null;
  const change = (part: Partial<Draft>): void => setDraft((before) => ({ ...before, ...part }));
  const missing = missingFields(draft);
  const test = useConnectionTest(draft, (editing ?? copyOf)?.environment.id ?? null);
  const saving = useAction(async (then: 'open' | 'compare') => {
    const saved =
      editing === null
        ? await backend().environments.add(inputOf(draft, copyOf?.environment ?? null))
        : await backend().environments.edit(patchOf(draft, editing.environment));
    await refresh(readings.environments());
    invalidate((key) => key.includes(saved.id));
    announce(texts.isSaved(saved.name));
    onClose();
    if (then === 'compare') navigate({ screen: 'connect', id: saved.id });
    else if (editing === null) navigate({ screen: 'environment', id: saved.id, tab: 'plan', run: null });
  });
  useEffect(() => {
    if (keychain?.available === false && editing === null)
      setDraft((before) => (before.credential === 'keychain' ? { ...before, credential: 'ask' } : before));
  }, [keychain?.available, editing]);
  const save = (then: 'open' | 'compare'): void => {
    setTried(true);
    if (Object.keys(missing).length === 0) saving.run(then);
  };
  return (
    <Drawer
      opened
      onClose={onClose}
      // Escape is for the dialog on top, and a stray click must not lose what was entered.
      closeOnEscape={!browsing}
      closeOnClickOutside={false}
      position="right"
      size={680}
      title={
        editing === null ? (
          <strong>{texts.addEnvironment}</strong>
        ) : (
          <EnvironmentName environment={{ ...draft, name: draft.name || editing.environment.name }} />
        )
      }
      closeButtonProps={{ 'aria-label': texts.closeWithoutSaving }}
      data-colour={draft.colour}
      classNames={{ body: 'drawer-body', content: 'drawer-content', header: 'drawer-head' }}
    >
      <form
        className="drawer-form"
        onSubmit={(event) => {
          event.preventDefault();
          save('open');
        }}
        noValidate
      >
        <div className="drawer-fields">
          <PasteField
            url={url}
            autoFocus={editing === null}
            onParsed={(parsed) => setDraft((before) => fillFrom(before, parsed))}
          />
          <ConnectionFields draft={draft} change={change} missing={tried ? missing : {}} />
          <SecretFields
            draft={draft}
            change={change}
            stored={(editing ?? copyOf)?.environment.credential.kind ?? null}
            keychain={keychain}
          />
          <IdentityFields
            draft={draft}
            change={change}
            missing={tried ? missing : {}}
            stored={editing?.environment ?? null}
          />
          <SourceFields draft={draft} change={change} browsing={browsing} setBrowsing={setBrowsing} />
          <ConnectionTestResult test={test} draft={draft} />
          {saving.problem !== null && <ProblemNotice problem={saving.problem} urgent />}
        </div>
        <footer className="drawer-foot">
          <Button variant="default" onClick={onClose}>
            {texts.cancel}
          </Button>
          <Button
            variant="default"
            className="push"
            leftSection={<IconPlugConnected size={16} />}
            loading={test.busy}
            disabled={Object.keys(missingConnection(draft)).length > 0}
            onClick={test.run}
          >
            {texts.testConnection}
          </Button>
          {draft.sourcePath.trim() !== '' && (
            <Button variant="default" disabled={saving.busy} onClick={() => save('compare')}>
              {texts.saveAndCompare}
            </Button>
          )}
          <Button type="submit" loading={saving.busy}>
            {editing === null ? texts.addEnvironment : texts.saveChanges}
          </Button>
        </footer>
      </form>
    </Drawer>
  );
}

function startingDraft(editing: EnvironmentSummary | null, copyOf: EnvironmentSummary | null): Draft {
  if (editing !== null) return draftOf(editing.environment);
  if (copyOf !== null) return { ...draftOf(copyOf.environment), name: texts.copy(copyOf.environment.name) };
  return emptyDraft;
}

type Parsed = Awaited<ReturnType<ReturnType<typeof backend>['environments']['parseUrl']>>;

function fillFrom(draft: Draft, { connection, password }: Parsed): Draft {
  const filled = withConnection(draft, connection);
  const suggested =
    connection.engine === 'sqlite'
      ? (connection.file.split(/[\\/]/).at(-1) ?? '').replace(/\.[^.]+$/, '')
      : connection.database;
  return {
    ...filled,
    name: draft.name === '' ? suggested : draft.name,
    ...(password === null ? {} : { password }),
    ...(connection.engine !== 'sqlite' && draft.credential === 'none' ? { credential: 'keychain' as const } : {}),
  };
}

function PasteField({
  url,
  autoFocus,
  onParsed,
}: {
  url: string | null;
  autoFocus: boolean;
  onParsed: (parsed: Parsed) => void;
}) {
  const [text, setText] = useState(url ?? '');
  const parsing = useAction(async (pasted: string) => {
    onParsed(await backend().environments.parseUrl({ url: pasted }));
    announce(texts.theFieldsAreFilledFrom);
    setText('');
  });
  const { run } = parsing;
  useEffect(() => {
    if (url !== null) run(url);
  }, [url, run]);
  return (
    <section className="drawer-section">
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <TextInput
          className="fill"
          label={texts.pasteAConnection}
          placeholder={texts.urlExampleWithPassword}
          description={texts.fillsEveryFieldBelowThe}
          value={text}
          autoComplete="off"
          spellCheck={false}
          {...(autoFocus ? { 'data-autofocus': true } : {})}
          onChange={(event) => setText(event.currentTarget.value)}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text').trim();
            if (pasted !== '' && text === '') parsing.run(pasted);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            if (text.trim() !== '') parsing.run(text.trim());
          }}
        />
        <Button
          variant="default"
          disabled={text.trim() === ''}
          loading={parsing.busy}
          onClick={() => parsing.run(text.trim())}
        >
          {texts.fillIn}
        </Button>
      </div>
      {parsing.problem !== null && <ProblemNotice problem={parsing.problem} />}
    </section>
  );
}
