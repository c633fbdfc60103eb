import { useState } from 'preact/hooks';
import { bodyOf, type Connecting, type Values, WEBHOOK_SECRET } from '../../shared/sources/connecting.ts';
import { go } from '../app/navigation.ts';
import { api } from '../app/session.ts';
import { manageHref } from '../sources/links.ts';
import { NotLogged } from '../sources/not-logged.tsx';
import type { Source } from '../sources/types.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Segments } from '../ui/field.tsx';
import { ErrorNote } from '../ui/states.tsx';
import { toast } from '../ui/toast.tsx';
import { newFields } from './connection-fields.ts';
import { fieldErrors } from './field-errors.ts';
import { FieldOf } from './field-of.tsx';
import { JsonSettings, readSettings } from './json-settings.tsx';
import { randomSecret } from './random-secret.ts';
import { adminRoute } from './route.ts';
import type { AdminConnection } from './types.ts';
import { useFormFocus } from './use-form-focus.ts';
import { WebhookShown } from './webhook-shown.tsx';

/** What a source wants to know, with what has to be done at the vendor beside it. */
export function ConnectionForm(props: { readonly about: Source; readonly connecting: Connecting }) {
  const { about, connecting } = props;
  const { name: source, title, vendorKeeps } = about;
  const { steps, ways } = connecting;
  const [name, setName] = useState(source.replaceAll(/[._]/g, '-'));
  const [at, setAt] = useState(0);
  const [values, setValues] = useState<Values>(() => (ways[0].isPush ? { [WEBHOOK_SECRET.path]: randomSecret() } : {}));
  /** The settings as JSON, in place of their fields. */
  const [json, setJson] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [made, setMade] = useState<{ connection: AdminConnection; webhook: string } | null>(null);
  const ref = useFormFocus(error);
  const way = ways[at] ?? ways[0];
  const { main, more } = newFields(connecting, way);
  const isShown = ({ path }: { readonly path: string }) => json === null || !path.startsWith('settings.');
  const fields = [...main, ...more].filter(isShown);
  const settings = json === null ? undefined : readSettings(json);
  const errors = fieldErrors(error, [
    'name',
    ...fields.map(({ path }) => path),
    ...(json === null ? [] : ['settings']),
  ]);
  const state = {
    values,
    errors,
    onValue: (path: string, value: string) => setValues((before) => ({ ...before, [path]: value })),
  };
  const choose = (next: string) => {
    const chosen = Number(next);
    setAt(chosen);
    setError(undefined);
    if (ways[chosen]?.isPush && !values[WEBHOOK_SECRET.path]) state.onValue(WEBHOOK_SECRET.path, randomSecret());
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (settings?.error) return;
    setBusy(true);
    setError(undefined);
    const body = {
      name: name.trim(),
      source,
      // Without settings it would be one that is not polled.
      ...(!way.isPush && { settings: {} }),
      ...bodyOf(fields, values),
      ...(settings?.value && !way.isPush && { settings: settings.value }),
    };
    try {
      const connection = await api.ask<AdminConnection>('/v1/connections', { method: 'POST', body });
      const webhook = fields.some(({ path }) => path === WEBHOOK_SECRET.path)
        ? values[WEBHOOK_SECRET.path]?.trim()
        : '';
      if (webhook) setMade({ connection, webhook });
      else leave(connection);
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  const rare = more.filter(isShown);
  return (
    <>
      <header class="page-head">
        <div>
          <h1>Connect {title}</h1>
          <p>
            Secrets are written and never read back. <code>{source}</code>
          </p>
        </div>
      </header>
      <div class="form-columns">
        <form ref={ref} class="stack" onSubmit={submit}>
          <Field
            label="Name"
            value={name}
            onValue={setName}
            error={errors.at('name')}
            hint="Lower-case letters, digits and hyphens. It names the connection in addresses and filters."
            autocomplete="off"
            spellcheck={false}
            required
          />
          {ways.length > 1 && (
            <div class="field">
              <span class="label">By</span>
              <Segments
                label="How it is connected"
                value={String(at)}
                options={ways.map(({ label }, index) => ({ value: String(index), label }))}
                onValue={choose}
              />
            </div>
          )}
          {main.filter(isShown).map((field) => (
            <FieldOf key={`${at} ${field.path}`} field={field} form={state} />
          ))}
          {json !== null && !way.isPush && (
            <JsonSettings value={json} onValue={setJson} error={settings?.error ?? errors.at('settings')} />
          )}
          <details class="more-fields" open={rare.some(({ path }) => errors.at(path) !== null) || undefined}>
            <summary>More</summary>
            <div class="stack">
              {rare.map((field) => (
                <FieldOf key={field.path} field={field} form={state} />
              ))}
              {!way.isPush && (
                <Button
                  compact
                  onClick={() =>
                    setJson(json === null ? JSON.stringify(bodyOf(fields, values)['settings'] ?? {}, null, 2) : null)
                  }
                >
                  {json === null ? 'Write the settings as JSON' : 'Back to the fields'}
                </Button>
              )}
            </div>
          </details>
          {errors.rest !== undefined && <ErrorNote error={errors.rest} />}
          <div class="row form-foot">
            <Button kind="primary" type="submit" busy={isBusy}>
              Connect
            </Button>
            <ButtonLink href={adminRoute.href({}, 'connections')}>Cancel</ButtonLink>
          </div>
        </form>
        <aside class="guide" aria-labelledby="guide">
          <h2 id="guide">What it takes</h2>
          <ol class="steps">
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          {vendorKeeps !== null && (
            <p class="small muted">
              The vendor keeps its log: {vendorKeeps}. What is older can’t be collected any more.
            </p>
          )}
          <NotLogged source={about} />
        </aside>
      </div>
      {made && (
        <Dialog title={`“${made.connection.name}” takes webhooks`} onClose={() => leave(made.connection)} wide keep>
          <WebhookShown connection={made.connection} secret={made.webhook} onDone={() => leave(made.connection)} />
        </Dialog>
      )}
    </>
  );
}

function leave({ id, name, paused }: AdminConnection): void {
  toast(paused === undefined ? `Made “${name}”.` : `Made “${name}”. It is polled from the next minute on.`);
  go(manageHref(id), 'replace');
}
