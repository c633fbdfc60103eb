import { CATEGORIES, type Category, categoryOf } from '../../shared/taxonomy.ts';
import { words } from '../ui/format.ts';
import { Mark } from './cell.tsx';
import { LATELY_DAYS, type Matrix, STATES, type State } from './matrix.ts';

const LEGEND: readonly (readonly [State, string])[] = [
  ['seen', `Came in the last ${LATELY_DAYS} days`],
  ['stale', 'Came, but not lately'],
  ['silent', 'Reported, but none came yet'],
  ['open', 'An application may send it'],
  ['offered', 'Reported once connected'],
  ['none', 'Not reported'],
];

/** The categories at a glance: how many of their types came lately. */
export function CategoryCards({ whole }: Pick<Matrix, 'whole'>) {
  return (
    <ul class="coverage-cards">
      {CATEGORIES.map((category) => (
        <CategoryCard
          key={category}
          category={category}
          cells={whole.filter(({ type }) => categoryOf(type) === category)}
        />
      ))}
    </ul>
  );
}

function CategoryCard({ category, cells }: { readonly category: Category; readonly cells: Matrix['whole'] }) {
  const count = (state: State) => cells.filter((cell) => cell.state === state).length;
  const rest = [
    [count('stale'), 'not lately'],
    [count('silent'), 'not seen yet'],
    [count('none'), 'not reported'],
  ].flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`]));
  return (
    <li data-category={category}>
      <h2>{words(category)}</h2>
      <p class="coverage-share figures">
        {count('seen')}
        <span class="muted"> of {cells.length} types seen</span>
      </p>
      <p class="coverage-ticks" aria-hidden="true">
        {[...cells]
          .sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state))
          .map(({ type, state }) => (
            <span key={type} class={state} />
          ))}
      </p>
      <p class="small muted coverage-rest">
        {rest.length === 0 ? 'Nothing is missing' : rest.map((one) => <span key={one}>{one}</span>)}
      </p>
    </li>
  );
}

/** What the shapes mean; of those that the matrix has. */
export function Legend({ states }: { readonly states: ReadonlySet<State> }) {
  return (
    <ul class="coverage-legend small muted" aria-label="Shapes">
      {LEGEND.filter(([state]) => states.has(state)).map(([state, text]) => (
        <li key={state}>
          <Mark state={state} /> {text}
        </li>
      ))}
    </ul>
  );
}
