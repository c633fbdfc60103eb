import { describe, expect, it } from 'vitest';
import { serverName, vendorUrl } from '../../../shared/sources/vendor-url.ts';

describe("a vendor's address", () => {
  it.each([
    ['https://fleet.example.com', 'https://fleet.example.com'],
    ['https://fleet.example.com///', 'https://fleet.example.com'],
    [' https://fleet.example.com:8443/fleet/ ', 'https://fleet.example.com:8443/fleet'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
    ['http://localhost', 'http://localhost'],
    ['http://[::1]:80/', 'http://[::1]:80'],
  ])('%s is taken as %s', (given, taken) => {
    expect(vendorUrl().parse(given)).toBe(taken);
  });

  it.each([
    'http://fleet.example.com',
    'http://127.0.0.1.example.com',
    'ftp://fleet.example.com',
    'fleet.example.com',
    'https://user:secret@fleet.example.com',
    'https://fleet.example.com/?team=1',
    'https://fleet.example.com/#top',
    '',
  ])('%s is refused', (given) => {
    expect(vendorUrl().safeParse(given).success).toBe(false);
  });

  it('names the server with its port and path', () => {
    expect(serverName('https://fleet.example.com')).toBe('fleet.example.com');
    expect(serverName('https://FLEET.example.com:8443/it')).toBe('fleet.example.com:8443/it');
  });
});
