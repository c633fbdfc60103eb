import { adminRoute } from '../admin/route.ts';

/** Where an administrator makes a connection; of a source, if one is named. */
export function newConnectionHref(source?: string): string {
  return adminRoute.href({ new: source ?? '1' }, 'connections');
}

/** Where an administrator changes a connection: pause, secrets, settings, delete. */
export function manageHref(connection: string): string {
  return adminRoute.href({ open: connection }, 'connections');
}
