import { NativeSelect, NumberInput, SegmentedControl, Switch, TextInput } from '@mantine/core';
import { engineIds, tlsModes } from '../../../shared/model/environment.ts';
import { engineWords, tlsWords } from '../../texts.ts';
import { type Draft, portByEngine } from './draft.ts';
import type { FieldsProps } from './fields.ts';
import { connectionTexts as texts } from './texts.ts';

export function ConnectionFields({ draft, change, missing }: FieldsProps) {
  const setEngine = (value: string): void => {
    const engine = engineIds.find((id) => id === value) ?? draft.engine;
    const port = draft.port === portByEngine[draft.engine] || draft.port === 0 ? portByEngine[engine] : draft.port;
    change({
      engine,
      port,
      ...(engine === 'sqlite' ? { credential: 'none' } : draft.engine === 'sqlite' ? { credential: 'keychain' } : {}),
    });
  };
  return (
    <>
      <DatabaseFields draft={draft} change={change} missing={missing} setEngine={setEngine} />
      {draft.engine !== 'sqlite' && <TunnelFields draft={draft} change={change} missing={missing} />}
    </>
  );
}

function DatabaseFields({
  draft,
  change,
  missing,
  setEngine,
}: FieldsProps & { readonly setEngine: (value: string) => void }) {
  return (
    <section className="drawer-section">
      <h3 id="drawer-database">{texts.database}</h3>
      <SegmentedControl
        aria-labelledby="drawer-database"
        fullWidth
        value={draft.engine}
        onChange={setEngine}
        data={engineIds.map((id) => ({ value: id, label: engineWords[id] }))}
      />
      {draft.engine === 'sqlite' ? (
        <FileField draft={draft} change={change} missing={missing} />
      ) : (
        <NetworkFields draft={draft} change={change} missing={missing} />
      )}
    </section>
  );
}

function FileField({ draft, change, missing }: FieldsProps) {
  return (
    <TextInput
      label={texts.databaseFile}
      placeholder={texts.databaseFileExample}
      description={texts.absolutePathOnTheComputer}
      value={draft.file}
      onChange={(event) => change({ file: event.currentTarget.value })}
      error={missing.file}
      spellCheck={false}
      required
    />
  );
}

/** What every text of this form has in common. */
const textField = (draft: Draft, change: FieldsProps['change']) => (field: TextField) => ({
  value: draft[field],
  onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
    change({ [field]: event.currentTarget.value } as Partial<Draft>),
  autoComplete: 'off',
  spellCheck: false,
});

type TextField = {
  [field in keyof Draft]: Draft[field] extends string ? (string extends Draft[field] ? field : never) : never;
}[keyof Draft];

function ClientCertificate({ draft, change, missing }: FieldsProps) {
  const text = textField(draft, change);
  const used = draft.tlsCertificateFile !== '' || draft.tlsKeyFile !== '';
  return (
    <details className="whole-line" open={used || undefined}>
      <summary>{texts.clientCertificate}</summary>
      <div className="field-grid even">
        <TextInput label={texts.certificateFile} description={texts.pem} {...text('tlsCertificateFile')} />
        <TextInput
          label={texts.keyFile}
          description={texts.pemWithoutAPassphrase}
          {...text('tlsKeyFile')}
          error={missing.tlsKeyFile}
        />
      </div>
    </details>
  );
}

function TunnelFields({ draft, change, missing }: FieldsProps) {
  const text = textField(draft, change);
  return (
    <section className="drawer-section">
      <h3 id="drawer-tunnel">{texts.ssh}</h3>
      <Switch
        label={texts.throughAnSshServer}
        description={texts.byThisComputersOwnSsh}
        checked={draft.tunnelled}
        onChange={(event) => change({ tunnelled: event.currentTarget.checked })}
      />
      {draft.tunnelled && (
        <div className="field-grid">
          <TextInput
            label={texts.sshServer}
            description={texts.aNameAnAddressOr}
            {...text('sshHost')}
            error={missing.sshHost}
            required
          />
          <NumberInput
            label={texts.sshPort}
            description={texts.sshPortHelp}
            value={draft.sshPort === 0 ? '' : draft.sshPort}
            onChange={(value) => change({ sshPort: Number(value) })}
            min={1}
            max={65_535}
            hideControls
          />
          <TextInput label={texts.sshUser} description={texts.asSshHasItWithout} {...text('sshUser')} />
          <TextInput
            className="whole-line"
            label={texts.keyFile}
            description={texts.theAgentsKeysWithoutIt}
            {...text('sshKeyFile')}
          />
        </div>
      )}
    </section>
  );
}

function NetworkFields({ draft, change, missing }: FieldsProps) {
  const text = textField(draft, change);
  const verifies = draft.tls === 'verify-ca' || draft.tls === 'verify-full';
  return (
    <div className="field-grid">
      <TextInput label={texts.host} {...text('host')} error={missing.host} required />
      <NumberInput
        label={texts.port}
        value={draft.port}
        onChange={(value) => change({ port: Number(value) })}
        hideControls
        error={missing.port}
        required
      />
      <TextInput label={texts.database} {...text('database')} error={missing.database} required />
      <TextInput label={texts.user} {...text('user')} />
      <NativeSelect
        label={texts.tls}
        value={draft.tls}
        onChange={(event) => change({ tls: tlsModes.find((mode) => mode === event.currentTarget.value) ?? draft.tls })}
        data={tlsModes.map((mode) => ({ value: mode, label: tlsWords[mode] }))}
        className="whole-line"
      />
      {verifies && (
        <TextInput
          className="whole-line"
          label={texts.authorityFile}
          description={texts.pemTheSystemsStoreWithout}
          {...text('tlsAuthorityFile')}
        />
      )}
      {draft.tls !== 'disable' && <ClientCertificate draft={draft} change={change} missing={missing} />}
      {draft.engine === 'postgres' && (
        <TextInput
          className="whole-line"
          label={texts.searchPath}
          description={texts.schemasFirstOneForThe}
          {...text('searchPath')}
        />
      )}
    </div>
  );
}
