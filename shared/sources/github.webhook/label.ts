import type { Json, JsonObject } from '../../json.ts';
import { firstText, textAt } from '../read.ts';

const NUMBERED_PAGE = /\/([^/]+\/[^/]+)\/(?:issues|pull|discussions)\/(\d+)$/;
const NAMES = ['login', 'full_name', 'name', 'title', 'slug', 'user.login', 'organization.login'];

/** What people call a GitHub object: `owner/repository#7` for issues and their like, otherwise its login, name or title. */
export function labelOf(object: Json | undefined): string | undefined {
  const [, repository, number] = NUMBERED_PAGE.exec(textAt(object, 'html_url') ?? '') ?? [];
  return repository === undefined ? firstText(object, NAMES) : `${repository}#${number}`;
}

/** As {@link labelOf}, for an issue or its like that does not say which repository of the event it is in. */
export function referenceOf(object: JsonObject, raw: JsonObject): string | undefined {
  const number = textAt(object, 'number');
  const repository = textAt(raw, 'repository.full_name');
  const isLinked = NUMBERED_PAGE.test(textAt(object, 'html_url') ?? '');
  return isLinked || number === undefined || repository === undefined ? labelOf(object) : `${repository}#${number}`;
}
