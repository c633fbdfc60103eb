import type { Source } from '../source.ts';
import { ACTIONS, guessType, MAPPED_TYPES } from './actions.ts';
import { connecting } from './connecting.ts';
import { door } from './door.ts';
import { normalize } from './normalize.ts';
import { poller } from './poller.ts';

/** What people and the platform did inside an AppOmni tenant: by the REST API, an event sink, or a report. */
export const appomniAudit: Source = {
  name: 'appomni.audit',
  product: 'appomni',
  title: 'AppOmni audit logs',
  defaultTier: '180d',
  defaultOrigin: 'appomni.com',
  lag: 'near real time',
  vendorKeeps: '180 days',
  // AppOmni documents no order; within a closed window it does not matter.
  order: 'none',
  cursor: 'time',
  eventId: '`identifier` by the API and in reports, `log_id` from an event sink: the same UUID',
  types: MAPPED_TYPES,
  actions: ACTIONS,
  guess: guessType,
  fields: {
    identifier: 'string',
    log_id: 'string',
    action_at: 'string',
    action_type: 'string',
    action: 'string',
    extra: 'string',
    user_id: 'scalar',
    omnitab_user_id: 'scalar',
    username: 'string',
    user_ip: 'string',
    user_agent: 'string',
    service_id: 'scalar',
    service_name: 'string',
    policy_id: 'scalar',
    perspective_id: 'scalar',
    perspective_name: 'string',
    action_data: 'object',
    'action_data.user_username': 'string',
    'action_data.user_ip': 'string',
    'action_data.user_agent': 'string',
    'action_data.target_user_id': 'scalar',
    'action_data.target_user_username': 'string',
    'action_data.setting_name': 'string',
    'action_data.old_value': 'scalar',
    'action_data.new_value': 'scalar',
    'action_data.detail_str': 'string',
    'action_data.reason_str': 'string',
    'action_data.error_str': 'string',
    'action_data.policy_id': 'scalar',
    'action_data.policy_name': 'string',
    'action_data.rule_id': 'scalar',
    'action_data.detection_alert_id': 'scalar',
    'action_data.assignee_username': 'string',
  },
  notLogged: [
    'The outcome: it is told from the action, the error text and how a scan ended',
    'Sessions, locations and the roles of users',
    'What was read, searched or exported in the console',
    'IP address and user agent of acts on monitored services and detection alerts',
    'Who acts inside the SaaS products that AppOmni monitors: that is their own log',
  ],
  suggestedSearch: {
    name: 'Users made, changed and deleted',
    query: { type: ['create_user', 'update_user', 'delete_user'] },
  },
  connecting,
  webhook: door,
  poller,
  normalize,
};
