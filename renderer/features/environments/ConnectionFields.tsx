import { NativeSelect, NumberInput, SegmentedControl, Switch, TextInput } from '@mantine/core';
import { engineIds, tlsModes } from '../../../shared/model/environment.ts';
import { engineWords, tlsWords } from '../../texts.ts';
import { type Draft, portByEngine } from './draft.ts';
import type { FieldsProps } from './fields.ts';

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
      <h3 id="drawer-database">Database</h3>
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
      label="Database file"
      placeholder="/var/lib/application/data.db"
      description="Absolute path on the computer Lockkeeper runs on."
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
      <summary>Client certificate</summary>
      <div className="field-grid even">
        <TextInput label="Certificate file" description="PEM." {...text('tlsCertificateFile')} />
        <TextInput
          label="Key file"
          description="PEM, without a passphrase."
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
      <h3 id="drawer-tunnel">SSH</h3>
      <Switch
        label="Through an SSH server"
        description="By this computer’s own ssh: its agent, known hosts and ~/.ssh/config hold. Dump programs take the same way."
        checked={draft.tunnelled}
        onChange={(event) => change({ tunnelled: event.currentTarget.checked })}
      />
      {draft.tunnelled && (
        <div className="field-grid">
          <TextInput
            label="SSH server"
            description="A name, an address, or a Host of ~/.ssh/config."
            {...text('sshHost')}
            error={missing.sshHost}
            required
          />
          <NumberInput
            label="SSH port"
            description="22 without it."
            value={draft.sshPort === 0 ? '' : draft.sshPort}
            onChange={(value) => change({ sshPort: Number(value) })}
            min={1}
            max={65_535}
            hideControls
          />
          <TextInput label="SSH user" description="As ssh has it without." {...text('sshUser')} />
          <TextInput
            className="whole-line"
            label="Key file"
            description="The agent’s keys without it. A key with a passphrase belongs into the agent."
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
      <TextInput label="Host" {...text('host')} error={missing.host} required />
      <NumberInput
        label="Port"
        value={draft.port}
        onChange={(value) => change({ port: Number(value) })}
        hideControls
        error={missing.port}
        required
      />
      <TextInput label="Database" {...text('database')} error={missing.database} required />
      <TextInput label="User" {...text('user')} />
      <NativeSelect
        label="TLS"
        value={draft.tls}
        onChange={(event) => change({ tls: tlsModes.find((mode) => mode === event.currentTarget.value) ?? draft.tls })}
        data={tlsModes.map((mode) => ({ value: mode, label: tlsWords[mode] }))}
        className="whole-line"
      />
      {verifies && (
        <TextInput
          className="whole-line"
          label="Authority file"
          description="PEM; the system's store without it."
          {...text('tlsAuthorityFile')}
        />
      )}
      {draft.tls !== 'disable' && <ClientCertificate draft={draft} change={change} missing={missing} />}
      {draft.engine === 'postgres' && (
        <TextInput
          className="whole-line"
          label="Search path"
          description="Schemas, first one for the history table; the server's default without it."
          {...text('searchPath')}
        />
      )}
    </div>
  );
}
