import { ConversionError } from './conversion-error.ts';

const SPACE = /[ \t\r\n]*/y;

/**
 * Cuts a record into its JSON objects, which stand back to back or with white space between them. What is inside the
 * braces is not checked.
 *
 * @throws ConversionError when anything else stands there; Firehose takes no array at the top level.
 */
export function splitDocuments(text: string): string[] {
  const documents: string[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    if (text[at] === '[') throw new ConversionError('MalformedData', 'The top level must be an object, not an array.');
    if (text[at] !== '{') throw new ConversionError('ParseError', `Encountered malformed JSON at character ${at}.`);
    const end = endOfObject(text, at);
    documents.push(text.slice(at, end));
    at = skipSpace(text, end);
  }
  return documents;
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.test(text);
  return SPACE.lastIndex;
}

function endOfObject(text: string, start: number): number {
  const mark = /[{}"]/g;
  mark.lastIndex = start;
  let depth = 0;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    if (found[0] === '"') mark.lastIndex = endOfString(text, found.index);
    else depth += found[0] === '{' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  throw cutShort();
}

function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = at;
    while (text[escapes - 1] === '\\') escapes--;
    if ((at - escapes) % 2 === 0) return at + 1;
  }
  throw cutShort();
}

function cutShort(): ConversionError {
  return new ConversionError('ParseError', 'Encountered malformed JSON: it ends inside an object.');
}
