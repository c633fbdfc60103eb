/**
 * Repository roles "from least access to most access", under both of the names GitHub gives to two of them; an owner of
 * an organization is `admin` and a member `read`:
 * https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization
 */
export const RANKS: Readonly<Record<string, number>> = {
  none: 0,
  read: 1,
  pull: 1,
  triage: 2,
  write: 3,
  push: 3,
  maintain: 4,
  admin: 5,
};
