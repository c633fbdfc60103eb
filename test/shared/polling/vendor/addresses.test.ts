import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressRefusedError } from '../../../../shared/polling/errors.ts';
import {
  type AddressRules,
  checkHost,
  guardedLookup,
  isAddressBlock,
} from '../../../../shared/polling/vendor/addresses.ts';

const PUBLIC: AddressRules = { privateNetworks: false, allowed: [] };
const PRIVATE: AddressRules = { privateNetworks: true, allowed: [] };

const allows = (host: string, rules: AddressRules): boolean => {
  try {
    checkHost(host, rules);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(AddressRefusedError);
    return false;
  }
};

describe('an address', () => {
  it.each([
    '93.184.215.14',
    '[2606:2800:21f:cb07:6820:80da:af6b:8b2c]',
    '172.32.0.1',
    '11.0.0.1',
    '[64:ff9b::5db8:d70e]',
  ])('%s is public', (host) => {
    expect(allows(host, PUBLIC)).toBe(true);
  });

  it.each([
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '[fd12:3456::1]',
    '[64:ff9b::a00:1]',
  ])('%s is private: allowed to private connections alone', (host) => {
    expect([allows(host, PUBLIC), allows(host, PRIVATE)]).toEqual([false, true]);
  });

  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[64:ff9b::a9fe:a9fe]',
    '100.100.100.200',
    '224.0.0.1',
    '255.255.255.255',
  ])('%s is nobody: refused, unless it is listed', (host) => {
    expect([allows(host, PUBLIC), allows(host, PRIVATE)]).toEqual([false, false]);
  });

  it('may be listed, alone or in a block', () => {
    expect(allows('127.0.0.1', { ...PUBLIC, allowed: ['127.0.0.1'] })).toBe(true);
    expect(allows('10.1.2.3', { ...PUBLIC, allowed: ['10.1.0.0/16'] })).toBe(true);
    expect(allows('10.2.2.3', { ...PUBLIC, allowed: ['10.1.0.0/16'] })).toBe(false);
    expect(allows('[fd12::5]', { ...PUBLIC, allowed: ['fd12::/64'] })).toBe(true);
  });

  it('written as a number, or otherwise, is what it stands for', () => {
    for (const host of ['2130706433', '0x7f.1', '017700000001', '127.1']) {
      expect(allows(new URL(`http://${host}/`).hostname, PUBLIC)).toBe(false);
    }
  });
});

it('names are looked up and their addresses checked', async () => {
  const find = (rules: AddressRules, all: boolean) =>
    new Promise<unknown>((resolve) => {
      guardedLookup(rules)('localhost', { all, family: 4 }, (error, address) => resolve(error ?? address));
    });
  expect(await find(PUBLIC, true)).toBeInstanceOf(AddressRefusedError);
  expect(await find({ ...PUBLIC, allowed: ['127.0.0.0/8'] }, true)).toEqual([{ address: '127.0.0.1', family: 4 }]);
  expect(await find({ ...PUBLIC, allowed: ['127.0.0.0/8'] }, false)).toBe('127.0.0.1');
});

it('whatever is written as a block is one or is refused', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.ipV4Extended(),
        fc.ipV6(),
        fc.tuple(fc.ipV4(), fc.nat(40)).map(([a, p]) => `${a}/${p}`),
      ),
      (text) => {
        if (!isAddressBlock(text)) return;
        expect(() => checkHost('10.0.0.1', { privateNetworks: true, allowed: [text] })).not.toThrow();
      },
    ),
  );
  for (const text of ['10.0.0.0/33', '10.0.0', 'example.com', '', '10.0.0.0/8/8', '10.0.0.0/-1']) {
    expect(isAddressBlock(text)).toBe(false);
  }
});
