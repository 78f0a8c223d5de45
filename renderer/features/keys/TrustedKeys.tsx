/** Whose signatures are believed here: the list, and adding to it or taking from it as an administrator. */
import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { TrustedKey } from '../../../shared/model/trustedKey.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { Moment } from '../../components/Time.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { openUnlock, useRole } from '../roles/roleStatus.ts';
import { roleTexts } from '../roles/texts.ts';
import { keyTexts as texts } from './texts.ts';
import './keys.css';

const AddKeyDialog = lazy(() => import('./AddKeyDialog.tsx'));
const RemoveKeyDialog = lazy(() => import('./RemoveKeyDialog.tsx'));
const OwnKeyDialog = lazy(() => import('./OwnKeyDialog.tsx'));

type Open = { readonly kind: 'add' | 'own' } | { readonly kind: 'remove'; readonly key: TrustedKey };

export function TrustedKeys() {
  const { data: keys, problem } = useResource(readings.trustedKeys());
  const mayChange = useRole()?.role === 'administrator';
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => setOpen(null);
  return (
    <div className="column wide">
      <p className="second">{texts.help}</p>
      {!mayChange && <OnlyAdministrators />}
      {problem !== null && <ProblemNotice problem={problem} />}
      {keys === null && problem === null && <ReadingNotice>{texts.reading}</ReadingNotice>}
      {keys?.length === 0 && <p className="dim">{texts.none}</p>}
      {keys !== null && keys.length > 0 && (
        <ul className="trusted-keys">
          {keys.map((key) => (
            <KeyLine
              key={key.publicKey}
              of={key}
              onRemove={mayChange ? () => setOpen({ kind: 'remove', key }) : undefined}
            />
          ))}
        </ul>
      )}
      <div className="row wraps">
        {mayChange && (
          <Button size="xs" variant="default" onClick={() => setOpen({ kind: 'add' })}>
            {texts.add}
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => setOpen({ kind: 'own' })}>
          {texts.own}
        </Button>
      </div>
      <Suspense>
        {open?.kind === 'add' && <AddKeyDialog keys={keys ?? []} onClose={close} />}
        {open?.kind === 'remove' && <RemoveKeyDialog of={open.key} onClose={close} />}
        {open?.kind === 'own' && <OwnKeyDialog onClose={close} />}
      </Suspense>
    </div>
  );
}

function OnlyAdministrators() {
  const status = useRole();
  if (status === null) return null;
  return (
    <div className="row wraps" role="note">
      <span>{texts.onlyAdministrators(roleTexts.articled[status.role])}</span>
      {status.passphrase && (
        <Button size="xs" variant="default" className="push" onClick={openUnlock}>
          {roleTexts.unlockTitle}
        </Button>
      )}
    </div>
  );
}

function KeyLine({ of, onRemove }: { of: TrustedKey; onRemove: (() => void) | undefined }) {
  const { name, purposes, addedAt, addedBy, fingerprint } = of;
  return (
    <li className="column">
      <div className="row wraps">
        <span className="strong wrap">{name}</span>
        {purposes.map((purpose) => (
          <span key={purpose} className="chip plain">
            {texts.purposes[purpose]}
          </span>
        ))}
        <span className="small second">
          {texts.added} <Moment at={addedAt} /> {texts.by(addedBy)}
        </span>
        {onRemove !== undefined && (
          <Button
            size="compact-xs"
            variant="subtle"
            className="push"
            aria-label={texts.removeNamed(name)}
            onClick={onRemove}
          >
            {texts.remove}
          </Button>
        )}
      </div>
      <CopyLine value={fingerprint} label={texts.copyFingerprintOf(name)} />
    </li>
  );
}
