import type { EventType } from '../../../shared/taxonomy.ts';
import type { Application, Person } from './people.ts';

export const MINUTE = 60_000;
export const DAY = 86_400_000;
export const SIGN_IN = 'signed in with a second factor';

/** Something that somebody did at an instant, before it becomes an event. */
export interface Happening {
  readonly at: number;
  readonly who: Person;
  readonly where: Application;
  readonly type: EventType;
  readonly action: string;
  readonly story: string;
  readonly outcome?: 'success' | 'failure';
  readonly more?: Readonly<Record<string, unknown>>;
}

export const FILES = [
  ['driftbox', 'Q3 forecast.xlsx'],
  ['driftbox', 'Pricing 2027.pdf'],
  ['driftbox', 'Offsite agenda.docx'],
  ['driftbox', 'Security questionnaire.docx'],
  ['tallybook', 'Invoices October.csv'],
  ['tallybook', 'Payroll November.csv'],
  ['clientry', 'Customer list EMEA.csv'],
  ['forgepad', 'billing-service.zip'],
] as const;

/** Somebody as a target. */
export function account({ name, email }: Person): object {
  return { type: 'user', name, email };
}
