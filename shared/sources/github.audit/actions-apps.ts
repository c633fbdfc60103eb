import type { Topic } from './names.ts';

/** Apps and their tokens, and other systems that are connected. */
export const APPS: readonly Topic[] = [
  {
    integration: {
      create_integration: 'create',
      update_integration: `
        generate_client_secret remove_client_secret revoke_all_tokens revoke_tokens suspend transfer unsuspend`,
      delete_integration: 'destroy',
    },
    integration_installation: {
      create_integration: 'create',
      update_integration: 'repositories_added repositories_removed suspend unsuspend version_updated',
      delete_integration: 'destroy',
    },
    integration_installation_request: { unmapped: 'close create' },
    enterprise_installation: { create_integration: 'create', delete_integration: 'destroy' },
    oauth_application: {
      create_integration: 'create',
      update_integration: `
        generate_client_secret remove_client_secret reset_secret revoke_all_tokens revoke_tokens suspend transfer
        unsuspend`,
      delete_integration: 'destroy',
    },
    oauth_authorization: { create_integration: 'create', update_integration: 'update', delete_integration: 'destroy' },
    oauth_access: {
      create_integration: 'create',
      update_integration: 'regenerate update',
      delete_integration: 'destroy revoke',
    },
    org: {
      create_integration: 'oauth_app_access_approved',
      update_integration: 'oauth_app_access_blocked oauth_app_access_unblocked',
      delete_integration: 'oauth_app_access_denied',
      unmapped: 'oauth_app_access_requested',
    },
    personal_access_token: {
      create_integration: 'create',
      update_integration: 'credential_regenerated update',
      delete_integration: 'credential_revoked destroy',
      unmapped: 'request_cancelled request_created request_denied',
    },
    audit_log_streaming: {
      create_integration: 'create',
      update_integration: 'update',
      delete_integration: 'destroy',
      unmapped: 'check',
    },
    mcp_registry: {
      create_integration: 'allowlist_create',
      update_integration: `
        allowlist_add_server allowlist_assign allowlist_remove_assignment allowlist_remove_server
        allowlist_set_server_entries allowlist_update settings_update`,
      delete_integration: 'allowlist_delete',
    },
  },
];
