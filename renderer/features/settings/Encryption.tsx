/** The key of encrypted backups: whether there is one, whether it can be used now, and making a new one. */
import { Button, PasswordInput, Radio } from '@mantine/core';
import { useState } from 'react';
import type { ApplicationInfo, ArchiveKeyView } from '../../../shared/contract/views.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { Mark } from '../../components/Mark.tsx';
import { backend } from '../../connection.ts';
import { shortDigest } from '../../format.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { UnlockKey } from '../backups/UnlockKey.tsx';
import { settingsTexts as texts } from './texts.ts';

interface EncryptionProps {
  readonly archiveKey: ArchiveKeyView | null;
  readonly keychain: ApplicationInfo['keychain'] | null;
}

export function Encryption({ archiveKey, keychain }: EncryptionProps) {
  const [open, setOpen] = useState<'create' | 'unlock' | null>(null);
  return (
    <div className="column">
      <Health archiveKey={archiveKey} />
      <p className="second">{texts.backupsAreEncryptedWhereThe}</p>
      <div className="row">
        {archiveKey !== null && !archiveKey.unlocked && (
          <Button size="xs" onClick={() => setOpen('unlock')}>
            {texts.enterThePassphrase}
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => setOpen('create')}>
          {archiveKey === null ? texts.makeAKey : texts.makeANewKey}
        </Button>
      </div>
      {open === 'create' && <CreateKey keychain={keychain} onClose={() => setOpen(null)} />}
      {open === 'unlock' && <UnlockKey backup={null} onClose={() => setOpen(null)} />}
    </div>
  );
}

function Health({ archiveKey }: { archiveKey: ArchiveKeyView | null }) {
  if (archiveKey === null) return <Mark mark={{ glyph: '○', word: texts.thereIsNoKeyYet, tone: 'quiet' }} />;
  const { id, kind, keep, unlocked } = archiveKey;
  return (
    <div className="row wraps">
      <Mark
        mark={
          unlocked
            ? { glyph: '✓', word: texts.theKeyCanBeUsed, tone: 'ok' }
            : { glyph: '▲', word: texts.theKeyWaitsForIts, tone: 'attention' }
        }
      />
      <span className="second">
        {kind === 'random' ? texts.madeAtRandom : texts.madeFromAPassphrase},{' '}
        {keep === 'keychain' ? texts.keptInTheKeychain : texts.askedForInEachSession}
      </span>
      <span className="mono dim small" title={id}>
        {shortDigest(id)}
      </span>
    </div>
  );
}

/** Fewer are refused: a passphrase must not be guessed from a stolen disk. */
const leastCharacters = 12;

function CreateKey({ keychain, onClose }: { keychain: ApplicationInfo['keychain'] | null; onClose: () => void }) {
  const noKeychain = keychain?.available === false;
  const [kind, setKind] = useState<'random' | 'passphrase'>(noKeychain ? 'passphrase' : 'random');
  const [keep, setKeep] = useState<'keychain' | 'ask'>(noKeychain ? 'ask' : 'keychain');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const creating = useAction(async () => {
    await backend().backups.createKey(kind === 'random' ? { kind } : { kind, passphrase, keep });
    await refresh(readings.settings());
    onClose();
  });
  const ready = kind === 'random' || (passphrase.length >= leastCharacters && passphrase === again);
  return (
    <DialogForm
      title={texts.makeAKeyForBackups}
      size="lg"
      action={creating}
      ready={ready}
      words={{ submit: texts.makeTheKey, cancel: texts.cancel }}
      onClose={onClose}
    >
      <Radio.Group
        value={kind}
        onChange={(value) => setKind(value === 'random' ? 'random' : 'passphrase')}
        aria-label={texts.whatTheKeyIsMade}
      >
        <div className="column">
          <Radio
            value="random"
            disabled={noKeychain}
            label={texts.aRandomKeyInThe}
            description={
              noKeychain ? (keychain?.reason ?? texts.theKeychainCannotBeUsed) : texts.backupsCanBeRestoredOn2
            }
          />
          <Radio value="passphrase" label={texts.aPassphrase} description={texts.backupsCanBeRestoredOn} />
        </div>
      </Radio.Group>
      {kind === 'passphrase' && (
        <>
          <PasswordInput
            label={texts.passphrase}
            description={texts.atLeastCharactersASentence(leastCharacters)}
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            autoComplete="new-password"
            required
          />
          <PasswordInput
            label={texts.theSameAgain}
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
            error={again !== '' && !passphrase.startsWith(again) ? texts.thisIsAnotherOne : null}
            autoComplete="new-password"
            required
          />
          <Radio.Group
            value={keep}
            onChange={(value) => setKeep(value === 'keychain' ? 'keychain' : 'ask')}
            label={texts.onThisComputer}
          >
            <div className="column" style={{ marginTop: 6 }}>
              <Radio value="keychain" disabled={noKeychain} label={texts.keepItInTheKeychain} />
              <Radio value="ask" label={texts.askInEachSession} />
            </div>
          </Radio.Group>
        </>
      )}
    </DialogForm>
  );
}
