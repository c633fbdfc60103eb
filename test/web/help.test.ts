import { expect, test } from 'vitest';
import { CanonicalEvent } from '../../shared/event/schema.ts';
import { sentenceText } from '../../web/event/sentence.ts';
import { EXAMPLE, FIELDS } from '../../web/help/example.ts';
import { helpRoute, PARTS } from '../../web/help/route.ts';

test('the example is an event', () => {
  expect(CanonicalEvent.safeParse(EXAMPLE).error).toBeUndefined();
});

test('and its sentence names who, whom and what', () => {
  expect(sentenceText(EXAMPLE)).toBe('Jane Roe added octo-bot to group Admins');
});

test('only fields that events have are explained, besides the proof', () => {
  const known = [...Object.keys(CanonicalEvent.shape), 'proof'];
  const explained = FIELDS.flatMap(({ name }) => name.split(', '));
  expect(explained.filter((name) => !known.includes(name))).toEqual([]);
  expect(explained).toEqual(expect.arrayContaining(['actor', 'action', 'type', 'targets', 'outcome', 'time', 'raw']));
});

test('every part has an address', () => {
  expect(Object.keys(PARTS).map((part) => helpRoute.href({}, part))).toContain('#/help/incomplete');
});
