/**
 * The SaaS Event Maturity Matrix (EMM) by AppOmni Labs: four categories and their event types.
 * The keys are spelt as the EMM spells them.
 */
export const TAXONOMY = {
  authentication: ['account_login', 'account_logout', 'mfa_verification'],
  authorization: [
    'create_user',
    'read_user',
    'update_user',
    'delete_user',
    'create_group',
    'read_group',
    'update_group',
    'delete_group',
    'add_to_group',
    'remove_from_group',
    'create_role',
    'read_role',
    'update_role',
    'delete_role',
    'add_permission',
    'remove_permission',
    'add_enrollment',
    'remove_enrollment',
  ],
  system_audit: [
    'create_security_configuration',
    'read_security_configuration',
    'update_security_configuration',
    'delete_security_configuration',
    'create_integration',
    'read_integration',
    'update_integration',
    'delete_integration',
  ],
  activity_audit: [
    'create_resource',
    'read_resource',
    'update_resource',
    'delete_resource',
    'download_resource',
    'query_resource',
  ],
} as const;

export type Category = keyof typeof TAXONOMY;
export type EventType = (typeof TAXONOMY)[Category][number];

export const CATEGORIES = Object.keys(TAXONOMY) as readonly Category[];
export const EVENT_TYPES: readonly EventType[] = Object.values(TAXONOMY).flat();

const CATEGORY_OF = new Map<EventType, Category>(
  CATEGORIES.flatMap((category) => TAXONOMY[category].map((type) => [type, category] as const)),
);

/** The category that an EMM event type belongs to; null for null. */
export function categoryOf(type: EventType | null): Category | null {
  return type === null ? null : (CATEGORY_OF.get(type) ?? null);
}
