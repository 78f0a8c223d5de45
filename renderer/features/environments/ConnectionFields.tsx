import { NativeSelect, NumberInput, SegmentedControl, TextInput } from '@mantine/core';
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

function NetworkFields({ draft, change, missing }: FieldsProps) {
  const text = (field: 'host' | 'database' | 'user' | 'searchPath' | 'tlsAuthorityFile') => ({
    value: draft[field],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      change({ [field]: event.currentTarget.value } as Partial<Draft>),
    autoComplete: 'off',
    spellCheck: false,
  });
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
