import { CATEGORIES } from '../../shared/taxonomy.ts';
import { choice, maybe } from '../app/params.ts';
import { route } from '../app/route.ts';

export const coverageRoute = route('coverage', {
  sources: choice(['all', 'collected'], 'all'),
  /** `missing` leaves out the types that came lately. */
  types: choice(['all', 'missing'], 'all'),
  category: maybe(CATEGORIES),
});
