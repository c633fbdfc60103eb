/** Somebody of a company that does not exist. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly role: 'member' | 'manager' | 'admin' | 'contractor';
  readonly ip: string;
  readonly city: string;
  readonly country: string;
  readonly device: string;
}

// Addresses of the documentation ranges (RFC 5737).
const OFFICE = { ip: '192.0.2.10', city: 'Leeds', country: 'GB' };

function person(
  name: string,
  role: Person['role'],
  device: string,
  place: Pick<Person, 'ip' | 'city' | 'country'>,
): Person {
  return { name, email: `${name.toLowerCase().replace(' ', '.')}@example.com`, role, device, ...place };
}

export const PEOPLE: readonly Person[] = [
  person('Jane Whitlock', 'admin', 'jane-mbp', OFFICE),
  person('Tomas Okafor', 'admin', 'tomas-thinkpad', OFFICE),
  person('Priya Venkat', 'manager', 'priya-mbp', OFFICE),
  person('Daniel Reyes', 'manager', 'daniel-surface', { ip: '198.51.100.23', city: 'Madrid', country: 'ES' }),
  person('Aiko Mori', 'member', 'aiko-mbp', { ip: '198.51.100.77', city: 'Osaka', country: 'JP' }),
  person('Sam Petrov', 'member', 'sam-xps', OFFICE),
  person('Ingrid Dahl', 'member', 'ingrid-mbp', { ip: '203.0.113.5', city: 'Oslo', country: 'NO' }),
  person('Lucas Ferreira', 'member', 'lucas-thinkpad', { ip: '203.0.113.61', city: 'Porto', country: 'PT' }),
  person('Fatima Haddad', 'member', 'fatima-mbp', OFFICE),
  person('Noah Lindqvist', 'member', 'noah-xps', OFFICE),
  person('Grace Mbeki', 'member', 'grace-mbp', { ip: '203.0.113.140', city: 'Durban', country: 'ZA' }),
  person('Victor Hale', 'contractor', 'victor-laptop', { ip: '198.51.100.201', city: 'Austin', country: 'US' }),
];

/** Applications that do not exist; each is a source of its own, `custom.demo-<key>`. */
export const APPLICATIONS = {
  gatehouse: 'Gatehouse SSO',
  driftbox: 'Driftbox Files',
  tallybook: 'Tallybook Finance',
  clientry: 'Clientry CRM',
  forgepad: 'Forgepad Code',
} as const;
export type Application = keyof typeof APPLICATIONS;
