import type { FieldType, Source } from '../source.ts';
import { CONNECTING } from './connecting.ts';

/** What holds for every content type of the Office 365 Management Activity API. */
export const DECLARATION = {
  product: 'm365',
  defaultTier: '180d',
  defaultOrigin: 'manage.office.com',
  lag: 'usually 60 to 90 minutes, at times days; the first records come up to 12 hours after the subscription starts',
  vendorKeeps: '7 days for this API; 180 days in the tenant, 1 or 10 years by licence',
  order: 'none',
  cursor: 'time',
  eventId: 'Id',
  connecting: CONNECTING,
} as const satisfies Partial<Source>;

/** Fields that every record may have. */
export const COMMON_FIELDS: Readonly<Record<string, FieldType>> = {
  Id: 'string',
  CreationTime: 'string',
  Operation: 'string',
  UserId: 'string',
  UserKey: 'string',
  UserType: 'number',
  ClientIP: 'string',
  ObjectId: 'string',
  ResultStatus: 'string',
  AppAccessContext: 'object',
  'AppAccessContext.AADSessionId': 'string',
  'AppAccessContext.UniqueTokenId': 'string',
  'AppAccessContext.ClientAppId': 'string',
  'AppAccessContext.ClientAppName': 'string',
  ModifiedProperties: 'array',
  UserAgent: 'string',
  SessionId: 'string',
  AppId: 'string',
  ClientAppId: 'string',
  ApplicationDisplayName: 'string',
  MachineId: 'string',
  DeviceDisplayName: 'string',
  ClientMachineName: 'string',
  ClientProcessName: 'string',
  BrowserName: 'string',
  Platform: 'string',
  AccessDenied: 'boolean',
  IsSuccess: 'boolean',
};

/** What no content type has. */
export const NOT_LOGGED: readonly string[] = [
  'Anything of the time before auditing was turned on for the tenant',
  'What Microsoft published more than 7 days before it was first collected',
];
