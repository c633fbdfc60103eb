import { maySee, shownTo, suggestedTo } from '../../shared/control/searches.ts';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { searches } from '../services.ts';

/** `GET /v1/searches`: the caller's own, those shared with the tenant, and those that come with sources. */
export async function list({ key }: ApiRequest): Promise<Answer> {
  const kept = (await searches().list(key.tenant)).filter((one) => maySee(key, one));
  return { status: 200, body: { searches: [...kept.map((one) => shownTo(key, one)), ...suggestedTo(key)] } };
}
