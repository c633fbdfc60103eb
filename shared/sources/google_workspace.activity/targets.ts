import type { Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { arrayAt, entryOf, objectsAt, textAt } from '../read.ts';
import { type Parameters, textOf, textsOf } from './parameters.ts';

/** A thing that parameters name: by its id, by its name, or by the address or id of a person or group in `who`. */
interface Rule {
  readonly type: string;
  readonly id?: string;
  readonly name?: string;
  readonly who?: string;
  /** The only application in which the parameters mean this. */
  readonly only?: string;
}

/** What parameters name, people first. */
const RULES: readonly Rule[] = [
  ...[
    'user_email',
    'affected_email_address',
    'target_user',
    'target_user_email',
    'target_users',
    'event_guest',
    'grantee_email',
    'new_owner',
    'destination_user_email',
    'recipient_email',
    'email_monitor_dest_email',
    'email_forwarding_destination_address',
    'resource_owner_email',
    'on_behalf_of',
    'device_user',
  ].map((who) => ({ type: 'user', who })),
  { type: 'group', who: 'group_email', name: 'group_name' },
  { type: 'group', who: 'group_id' },
  { type: 'group', name: 'whitelisted_groups' },
  { type: 'role', id: 'role_id', name: 'role_name' },
  { type: 'permission', name: 'privilege_name' },
  { type: 'permission', name: 'acl_permission' },
  { type: 'org_unit', name: 'org_unit_name' },
  { type: 'org_unit', name: 'full_org_unit_path' },
  { type: 'domain', name: 'domain_name' },
  { type: 'domain', name: 'domain_alias' },
  { type: 'domain', name: 'secondary_domain_name' },
  { type: 'domain', name: 'target_domain' },

  { type: 'application', id: 'app_id', name: 'application_name' },
  { type: 'application', id: 'client_id', name: 'app_name', only: 'token' },
  { type: 'extension', id: 'app_id', name: 'app_name', only: 'chrome' },
  { type: 'application', id: 'oauth2_app_id', name: 'oauth2_app_name' },
  { type: 'application', id: 'saml2_service_provider_entity_id', name: 'saml2_service_provider_name' },
  { type: 'application', name: 'oauth2_service_name' },
  { type: 'application', name: 'api_client_name' },
  { type: 'application', name: 'caa_application' },
  { type: 'application', name: 'reauth_application' },
  { type: 'application', id: 'application_id', only: 'mobile' },
  { type: 'application', id: 'mobile_app_package_id' },
  { type: 'application', id: 'asp_id' },
  { type: 'service', name: 'service_name' },
  { type: 'product', name: 'gsuite_product_name' },
  { type: 'license', id: 'sku_name', name: 'product_name' },

  { type: 'setting', name: 'setting_name' },
  { type: 'setting', name: 'managed_configuration_name' },
  { type: 'gateway', name: 'gateway_name' },
  { type: 'rule', id: 'rule_id', name: 'rule_name' },
  { type: 'alert', id: 'alert_id', name: 'alert_name' },
  { type: 'certificate', name: 'mobile_certificate_common_name' },
  { type: 'token', id: 'play_for_work_token_id' },
  { type: 'wireless_network', name: 'mobile_wireless_network_name' },
  { type: 'printer', name: 'printer_name' },
  { type: 'print_server', name: 'print_server_name' },
  { type: 'quarantine', name: 'quarantine_name' },
  { type: 'site', id: 'web_address', name: 'site_name' },
  { type: 'request', id: 'request_id' },
  { type: 'investigation', id: 'investigation_object_identifier' },

  { type: 'calendar_event', id: 'event_id', name: 'event_title' },
  { type: 'calendar', id: 'calendar_id', name: 'calendar_title' },
  { type: 'calendar', id: 'subscriber_calendar_id' },
  { type: 'appointment_schedule', name: 'appointment_schedule_title' },
  { type: 'note', id: 'note_name' },
  { type: 'attachment', name: 'attachment_name' },
  { type: 'message', id: 'message_id', only: 'chat' },
  { type: 'space', id: 'room_id', name: 'room_name' },
  { type: 'emoji', name: 'emoji_shortcode' },
  { type: 'meeting', id: 'meeting_code', name: 'conference_id' },
  { type: 'matter', id: 'matter_id' },
  { type: 'resource', name: 'resource_name' },
  { type: 'resource', id: 'resource_identifier' },
  { type: 'resource', id: 'resource_id', name: 'resource_title', only: 'rules' },
  { type: 'label', name: 'label_title' },

  { type: 'device', id: 'device_id', name: 'device_name' },
  { type: 'device', id: 'caa_device_id' },
  { type: 'device', id: 'company_device_id' },
  { type: 'device', id: 'device_serial_number' },
  { type: 'device', id: 'serial_number' },
  { type: 'device', id: 'directory_device_id' },
];

/** Everybody and everything that an event is about, each once. */
export function targetsOf(activity: JsonObject, event: JsonObject, application: string, given: Parameters): Target[] {
  const found = [
    ...membersOf(given),
    ...RULES.filter(({ only }) => only === undefined || only === application).flatMap((rule) => byRule(rule, given)),
    ...driveItem(given),
    ...asset(given),
    ...owner(given),
    ...resources(activity, event),
  ];
  const seen = new Set<string>();
  return found.filter(({ type, id, name, email }) => {
    const key = JSON.stringify([type, id ?? email ?? name]);
    return !seen.has(key) && seen.add(key);
  });
}

/** A person or group, by address if it is one. Google writes addresses as they were typed. */
function who(type: string, text: string): Target {
  return text.includes('@') ? { type, email: text.toLowerCase() } : { type, id: text };
}

function byRule({ type, id, name, who: person }: Rule, given: Parameters): Target[] {
  if (person !== undefined) {
    const names = name === undefined ? [] : textsOf(given, name);
    return textsOf(given, person).map((text, index) => ({ ...who(type, text), name: names[index] }));
  }
  const ids = id === undefined ? [] : textsOf(given, id);
  const names = name === undefined ? [] : textsOf(given, name);
  const [longer] = [ids, names].toSorted((a, b) => b.length - a.length);
  return (longer ?? []).map((_, index) => ({ type, id: ids[index], name: names[index] }));
}

/** Who or what a group's membership or an access policy is given to; another parameter says of what kind it is. */
function membersOf(given: Parameters): Target[] {
  const member = textOf(given, 'member_id');
  const entity = textOf(given, 'target_entity_name', 'distribution_entity_name');
  const memberType = textOf(given, 'member_type')?.toLowerCase() ?? 'user';
  const entityType = textOf(given, 'target_entity_type', 'distribution_entity_type')?.toLowerCase() ?? 'resource';
  return [
    ...(member === undefined ? [] : [who(memberType, member)]),
    ...(entity === undefined
      ? []
      : [entityType === 'org_unit' ? { type: entityType, name: entity } : who(entityType, entity)]),
  ];
}

const CONTAINERS: Readonly<Record<string, string>> = {
  folder: 'folder',
  shared_drive: 'shared_drive',
  team_drive: 'shared_drive',
};

function driveItem(given: Parameters): Target[] {
  const id = textOf(given, 'doc_id');
  const name = textOf(given, 'doc_title');
  const type = entryOf(CONTAINERS, textOf(given, 'doc_type')) ?? 'file';
  const member = textOf(given, 'target');
  return [
    ...(id === undefined && name === undefined ? [] : [{ type, id, name }]),
    ...(member?.includes('@') ? [who('user', member)] : []),
    ...textsOf(given, 'destination_folder_id').map((folder) => ({
      type: 'folder',
      id: folder,
      name: textOf(given, 'destination_folder_title'),
    })),
    ...textsOf(given, 'source_folder_id').map((folder) => ({
      type: 'folder',
      id: folder,
      name: textOf(given, 'source_folder_title'),
    })),
  ];
}

/** A report or data source of Data Studio. */
function asset(given: Parameters): Target[] {
  const id = textOf(given, 'asset_id');
  const name = textOf(given, 'asset_name');
  if (id === undefined && name === undefined) return [];
  return [{ type: textOf(given, 'asset_type')?.toLowerCase() ?? 'asset', id, name }];
}

function owner(given: Parameters): Target[] {
  const drive = textOf(given, 'shared_drive_id', 'team_drive_id');
  const texts = ['owner', 'owner_email'].flatMap((name) => textsOf(given, name));
  if (drive !== undefined) return [{ type: 'shared_drive', id: drive, name: texts[0] }];
  return texts.map((text) => (text.includes('@') ? who('user', text) : { type: 'shared_drive', name: text }));
}

const RESOURCE_TYPES: Readonly<Record<string, string>> = { DRIVE_ITEM: 'file' };

/** What the activity says of its resources: those that the event names, or all when it names none. */
function resources(activity: JsonObject, event: JsonObject): Target[] {
  const ids = arrayAt(event, 'resourceIds');
  return objectsAt(activity, 'resourceDetails')
    .filter((resource) => ids.length === 0 || ids.some((id) => id === resource['id']))
    .flatMap((resource) => {
      const id = textAt(resource, 'id');
      const name = textAt(resource, 'title');
      const type = textAt(resource, 'type') ?? 'resource';
      if (id === undefined && name === undefined) return [];
      return [{ type: entryOf(RESOURCE_TYPES, type) ?? type.toLowerCase(), id, name }];
    });
}
