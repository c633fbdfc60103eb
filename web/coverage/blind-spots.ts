import type { EventType } from '../../shared/taxonomy.ts';
import { BUILT_IN, type Cell, isApplication, type Matrix, type Row, STATES } from './matrix.ts';
import { byWeight, listWords, TYPE_WORDS } from './type-words.ts';

/** A product, and the types of its that nobody hears of. */
export interface ProductGap {
  readonly product: string;
  /** What people call it: "Box", "Microsoft 365". */
  readonly name: string;
  /** Its sources that are collected. */
  readonly sources: readonly string[];
  readonly cells: readonly Cell[];
}

/** A type that no source which is collected can give, with those that could. */
export interface DarkType {
  readonly type: EventType;
  /** Titles of sources that are not collected. */
  readonly offeredBy: readonly string[];
}

export interface BlindSpots {
  readonly dark: readonly DarkType[];
  /** What a product can tell of and never did. */
  readonly silent: readonly ProductGap[];
  /** What a product told of, and no more. */
  readonly stopped: readonly ProductGap[];
  /** What a product would tell of, if another of its sources were collected: its title. */
  readonly offered: readonly (ProductGap & { readonly by: string })[];
}

/** What a company can't see. */
export function blindSpots({ rows, whole }: Matrix): BlindSpots {
  const vendors = rows.filter(({ source }) => !isApplication(source) && source !== BUILT_IN);
  const [collected, others] = [vendors.filter((row) => row.isCollected), vendors.filter((row) => !row.isCollected)];
  const products = [...Map.groupBy(collected, ({ product }) => product)];
  const gaps = (state: 'silent' | 'stale') =>
    products.flatMap(([product, own]) => {
      const cells = byWeight(bestOf(own).filter((cell) => cell.state === state));
      return cells.length > 0 ? [{ ...productOf(product, own), cells }] : [];
    });
  return {
    dark: byWeight(whole.filter(({ state }) => state === 'none')).map(({ type }) => ({
      type,
      offeredBy: others
        .filter(({ cells }) => cells.some((cell) => cell.type === type && cell.state === 'offered'))
        .map(({ title }) => title),
    })),
    silent: gaps('silent'),
    stopped: gaps('stale'),
    offered: products.flatMap(([product, own]) => {
      const best = bestOf(own);
      return others
        .filter((row) => row.product === product)
        .flatMap((row) => {
          const cells = byWeight(
            row.cells.filter((cell, index) => cell.state === 'offered' && best[index]?.state === 'none'),
          );
          return cells.length > 0 ? [{ ...productOf(product, own), by: row.title, cells }] : [];
        });
    }),
  };
}

/** The worst of it in a few sentences, for people who read no matrix. */
export function blindSpotSentences({ dark, silent, stopped, offered }: BlindSpots): string[] {
  const some = (cells: readonly { readonly type: EventType }[], most: number) => {
    const shown = cells.slice(0, most).map(({ type }) => TYPE_WORDS[type]);
    const more = cells.length - shown.length;
    return listWords(more > 0 ? [...shown, `${more} more`] : shown);
  };
  return [
    ...stopped.slice(0, 1).map(({ name, cells }) => `${name} no longer reports ${some(cells, 2)}.`),
    ...(dark.length > 0 ? [`No source you collect reports ${some(dark, 3)}.`] : []),
    ...offered
      .slice(0, 1)
      .map(({ name, by, cells }) => `Of ${name}, only ${by} reports ${some(cells, 2)}, and it is not connected.`),
    ...topSilent(silent).map(({ name, cells }) => `${name} can report ${some(cells, 1)}, but none came yet.`),
  ];
}

/** The most telling types that never came, each once. */
function topSilent(silent: readonly ProductGap[]): ProductGap[] {
  const first = silent.flatMap((gap) =>
    gap.cells.slice(0, 1).map((cell) => ({ ...gap, cells: [cell], type: cell.type })),
  );
  return byWeight(first).slice(0, 1);
}

/** By type, the best state of several sources. */
function bestOf(rows: readonly Row[]): Cell[] {
  return (rows[0]?.cells ?? []).map((first, index) =>
    rows.reduce((best, { cells }) => {
      const cell = cells[index] ?? best;
      return STATES.indexOf(cell.state) < STATES.indexOf(best.state) ? cell : best;
    }, first),
  );
}

function productOf(product: string, own: readonly Row[]): Pick<ProductGap, 'product' | 'name' | 'sources'> {
  return { product, name: productName(own[0]?.title ?? product), sources: own.map(({ source }) => source) };
}

/** The name of a product in the title of a source: "Box" of "Box enterprise events", "Duo" of "Duo activity". */
export function productName(title: string): string {
  const name = /^[\p{Lu}\d]\S*(?: [\p{Lu}\d][^\s:]*)*/u.exec(title)?.[0] ?? title;
  return name.replace(/:.*$/s, '');
}
