const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The children of an element: text, further elements, or a list for repeated elements of the same name. */
export type XmlNode = string | number | boolean | { readonly [name: string]: XmlNode | readonly XmlNode[] | undefined };

/** An XML document in S3's namespace; properties that are undefined are left out. */
export function toXml(root: string, content: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${children(content)}</${root}>`;
}

/** The texts of all elements of a name, however deep, in order. Enough for the bodies that S3 clients send as XML. */
export function textsOf(xml: string, element: string): string[] {
  return Array.from(xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g')), ([, text = '']) =>
    text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) =>
      name === undefined
        ? String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
        : (ENTITIES[name] ?? whole),
    ),
  );
}

/** What stands inside each element of a name, which has none of its own name in it. */
export function elementsOf(xml: string, element: string): string[] {
  return Array.from(
    xml.matchAll(new RegExp(`<${element}(?:\\s[^>]*)?>(.*?)</${element}>`, 'gs')),
    ([, inner = '']) => inner,
  );
}

function children(node: XmlNode): string {
  if (typeof node !== 'object') return escapeXml(String(node));
  return Object.entries(node)
    .map(([name, value]) => (isList(value) ? value : [value]).map((one) => element(name, one)).join(''))
    .join('');
}

function element(name: string, content: XmlNode | undefined): string {
  return content === undefined ? '' : `<${name}>${children(content)}</${name}>`;
}

function isList(value: XmlNode | readonly XmlNode[] | undefined): value is readonly XmlNode[] {
  return Array.isArray(value);
}

// Control characters go as references, as S3 sends them; a bare CR would be read as LF (XML 1.0, 2.11).
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character)
    .replace(/[\p{Cc}]/gu, (character) => `&#${character.charCodeAt(0)};`);
}
