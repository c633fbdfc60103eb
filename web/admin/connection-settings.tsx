import { useState } from 'preact/hooks';
import { bodyOf, type Connecting, type Values } from '../../shared/sources/connecting.ts';
import { api } from '../app/session.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { toast } from '../ui/toast.tsx';
import { changeFields, wayOf } from './connection-fields.ts';
import { canSay, changeOf, valuesOf } from './connection-values.ts';
import { fieldErrors } from './field-errors.ts';
import { FieldOf } from './field-of.tsx';
import { JsonSettings, readSettings } from './json-settings.tsx';
import type { AdminConnection } from './types.ts';
import { connectionPath } from './use-admin.ts';
import { useFormFocus } from './use-form-focus.ts';

/** What of a connection can be changed besides its secrets. */
export function ConnectionSettings(props: {
  readonly connection: AdminConnection;
  readonly connecting: Connecting;
  readonly onChange: () => void;
}) {
  const { connection, connecting, onChange } = props;
  const all = changeFields(connecting, wayOf(connecting, connection));
  const isJson = connection.settings !== undefined && !canSay(all, connection);
  const fields = isJson ? all.filter(({ path }) => !path.startsWith('settings.')) : all;
  const [values, setValues] = useState<Values>(() => valuesOf(fields, connection));
  const [json, setJson] = useState(() => JSON.stringify(connection.settings ?? {}, null, 2));
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const ref = useFormFocus(error, false);
  const read = isJson ? readSettings(json) : {};
  const change = changeOf({ ...bodyOf(fields, values), ...(read.value && { settings: read.value }) }, connection);
  const errors = fieldErrors(error, [...fields.map(({ path }) => path), ...(isJson ? ['settings'] : [])]);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (change === null || read.error) return;
    setBusy(true);
    setError(undefined);
    try {
      await api.ask(connectionPath(connection.id), { method: 'PATCH', body: change });
      toast('Saved.');
      onChange();
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="panel" aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
      <form ref={ref} class="stack" onSubmit={submit}>
        {isJson && <JsonSettings value={json} onValue={setJson} error={read.error ?? errors.at('settings')} />}
        <div class="settings-grid">
          {fields.map((field) => (
            <FieldOf
              key={field.path}
              field={field}
              form={{ values, errors, onValue: (path, value) => setValues((before) => ({ ...before, [path]: value })) }}
            />
          ))}
        </div>
        {errors.rest !== undefined && <ErrorNote error={errors.rest} />}
        <div class="row">
          <Button type="submit" busy={isBusy} disabled={change === null || read.error !== undefined}>
            Save
          </Button>
          {connection.settings !== undefined && (
            <p class="small muted">It can’t be led to another host or account: make a new connection for that.</p>
          )}
        </div>
      </form>
    </section>
  );
}
