import { sentence } from '../event/sentence.ts';
import { TypeLabel } from '../ui/data.tsx';
import { EXAMPLE, FIELDS } from './example.ts';

/** An example laid out, with what each part says. */
export function Reading() {
  return (
    <>
      <figure class="help-example">
        <p class="help-sentence">
          {sentence(EXAMPLE).map((part) =>
            typeof part === 'string' ? part : <strong key={part.text}>{part.text}</strong>,
          )}
        </p>
        <p class="row small muted">
          <TypeLabel type={EXAMPLE.type} /> <span>GitHub audit log</span> <span>from {EXAMPLE.ip}</span>
        </p>
        <figcaption class="visually-hidden">An event as the activity shows it</figcaption>
      </figure>
      <dl class="help-rows help-fields">
        {FIELDS.map(({ name, value, meaning }) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              <span class="help-value">{value}</span>
              <span class="muted">{meaning}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p>
        The sentence is Annals’s own reading of the event. Where it matters, trust the fields, and above them the
        vendor’s event under them.
      </p>
    </>
  );
}
