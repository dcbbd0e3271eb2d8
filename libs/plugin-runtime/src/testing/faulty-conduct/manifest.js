'use strict';

const HOOKS = ['pre_auth', 'auth', 'post_auth', 'on_response', 'data_collection', 'custom_endpoint', 'object_hooks', 'agent', 'studio_ui', 'portal_ui', 'config_provider', 'manifest_provider', 'resource_provider'];

const SCHEMA = { type: 'object', required: ['slug'], properties: { slug: { type: 'string', pattern: '^[a-z-]+$' } } };

function manifestOf(manner) {
  const base = { id: 'test.conduct', name: 'Conduct', version: '1.0.0', permissions: { services: ['kv.readwrite'] } };
  if (manner === 'bare') return { ...base, capabilities: { hooks: ['manifest_provider', 'config_provider'] } };
  return {
    ...base,
    capabilities: { hooks: HOOKS },
    permissions: { ...base.permissions, object_hooks: ['llm.before_create'] },
    assets: ['ui/page.js'],
    schedules: [{ id: 'nightly', name: 'Nightly', cron: '0 3 * * *' }],
    resource_types: [{ slug: 'things', name: 'Things', supports_submissions: true }],
  };
}

module.exports = { manifestOf, SCHEMA };
