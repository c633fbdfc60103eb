import { useState } from 'preact/hooks';
import {
  bodyOf,
  type Connecting,
  type FormField,
  type Values,
  WEBHOOK_SECRET,
} from '../../shared/sources/connecting.ts';
import { api } from '../app/session.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/data.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { toast } from '../ui/toast.tsx';
import { secretFields, wayOf } from './connection-fields.ts';
import { fieldErrors } from './field-errors.ts';
import { FieldOf } from './field-of.tsx';
import type { AdminConnection } from './types.ts';
import { connectionPath } from './use-admin.ts';
import { useFormFocus } from './use-form-focus.ts';
import { WebhookShown } from './webhook-shown.tsx';

interface Props {
  readonly connection: AdminConnection;
  readonly onChange: () => void;
}

/** Which secrets are set, by name: nobody can read them. */
export function SecretsPart(props: Props & { readonly connecting: Connecting | null }) {
  const { connection, connecting, onChange } = props;
  const [asks, setAsks] = useState(false);
  const { secrets } = connection;
  const fields = connecting ? secretFields(connecting, wayOf(connecting, connection)) : [];
  return (
    <section class="panel" aria-labelledby="secrets">
      <h2 id="secrets">Secrets</h2>
      <div class="row spread">
        <span class="chips">
          {secrets.length === 0 && <span class="muted">None is set.</span>}
          {secrets.map((name) => (
            <Chip key={name}>{name}</Chip>
          ))}
        </span>
        {fields.length > 0 && <Button onClick={() => setAsks(true)}>Replace secrets</Button>}
      </div>
      {asks && (
        <ReplaceDialog connection={connection} fields={fields} onChange={onChange} onClose={() => setAsks(false)} />
      )}
    </section>
  );
}

function ReplaceDialog(props: Props & { readonly fields: readonly FormField[]; readonly onClose: () => void }) {
  const { connection, fields, onChange, onClose } = props;
  const [values, setValues] = useState<Values>({});
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [shown, setShown] = useState<string | null>(null);
  const ref = useFormFocus(error);
  const errors = fieldErrors(
    error,
    fields.map(({ path }) => path),
  );
  const body = bodyOf(fields, values);
  const close = () => {
    onClose();
    onChange();
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await api.ask(connectionPath(connection.id), { method: 'PATCH', body });
      const webhook = values[WEBHOOK_SECRET.path]?.trim() ?? '';
      if (webhook !== '') {
        setShown(webhook);
        return;
      }
      toast('Replaced. Test the connection, then revoke the old secret at the vendor.');
      close();
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  if (shown !== null) {
    return (
      <Dialog title="The new webhook secret" onClose={close} wide keep>
        <WebhookShown connection={connection} secret={shown} onDone={close} />
      </Dialog>
    );
  }
  return (
    <Dialog title="Replace secrets" onClose={onClose}>
      <form ref={ref} class="stack" onSubmit={submit}>
        <p class="muted">
          What you leave empty stays as it is, and so does the position.
          {fields.some(({ path }) => path === WEBHOOK_SECRET.path) &&
            ' A webhook secret that is replaced stays good for 24 hours.'}
        </p>
        {fields.map((field) => (
          <FieldOf
            key={field.path}
            field={field}
            form={{ values, errors, onValue: (path, value) => setValues((before) => ({ ...before, [path]: value })) }}
          />
        ))}
        {errors.rest !== undefined && <ErrorNote error={errors.rest} />}
        <div class="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={isBusy} disabled={body['secrets'] === undefined}>
            Replace
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
