import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf } from '../../../shared/sources/address.ts';

describe('addressOf', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:51312', '192.0.2.7'],
    [' 192.0.2.7 ', '192.0.2.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['[2001:db8::7]:443', '2001:db8::7'],
    ['2001:db8:0:0:0:0:0:7:443', '2001:db8:0:0:0:0:0:7'],
    ['2001:db8::7#443', '2001:db8::7'],
    ['2001:db8::7.443', '2001:db8::7'],
    ['2001:db8::7p443', '2001:db8::7'],
    ['2001:db8::7 port 443', '2001:db8::7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['[::FFFF:192.0.2.7]:443', '192.0.2.7'],
    ['64:ff9b::192.0.2.7', '64:ff9b::192.0.2.7'],
  ])('%s is %s', (text, address) => {
    expect(addressOf(text)).toBe(address);
  });

  test.each([
    '',
    'unknown',
    '192.0.2',
    '192.0.2.300',
    '192.0.2.7:',
    '192.0.2.7.443',
    'host.example.com:443',
    '[]:1',
    7,
    null,
    {},
    [],
  ])('%j is none', (value) => {
    expect(addressOf(value)).toBeUndefined();
  });

  test('an address survives any way of writing a port', () => {
    const port = fc.integer({ min: 0, max: 65_535 });
    const written = fc.oneof(
      fc.tuple(fc.ipV4(), port).map(([ip, number]) => [ip, `${ip}:${number}`] as const),
      // An IPv4-mapped address is told as IPv4, and `::` takes a port for one more group.
      fc
        .tuple(
          fc.ipV6().filter((ip) => !/^::ffff:\d+\./i.test(ip)),
          port,
          fc.constantFrom('[@]:', '@#', '@p', '@ port '),
        )
        .map(([ip, number, form]) => [ip, `${form.replace('@', ip)}${number}`] as const),
    );
    fc.assert(
      fc.property(written, ([ip, text]) => {
        expect(addressOf(text)).toBe(ip);
      }),
    );
  });

  test('is an address or nothing, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789abf.:[]#p ') })),
        (value) => {
          const address = addressOf(value);
          expect(address === undefined || isIP(address) !== 0).toBe(true);
        },
      ),
    );
  });
});
