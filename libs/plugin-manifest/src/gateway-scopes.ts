import type { ServiceScopeTable } from './scope-table';

/** The Service API of a gateway: each scope (or scopes, any of which is enough) with the methods that it opens. */
export const GATEWAY_SCOPES: ServiceScopeTable = {
  service: 'microgateway_management.MicrogatewayManagementService',
  rules: [
    { anyOf: ['llms.read'], methods: ['ListLLMs', 'GetLLM'] },
    { anyOf: ['apps.read'], methods: ['ListApps', 'GetApp'] },
    { anyOf: ['budget.read'], methods: ['GetBudgetStatus'] },
    { anyOf: ['pricing.read'], methods: ['ListModelPrices', 'GetModelPrice'] },
    { anyOf: ['credentials.validate'], methods: ['ValidateCredential'] },
    { anyOf: ['kv.readwrite'], methods: ['WritePluginKV', 'ReadPluginKV', 'DeletePluginKV', 'CompareAndSetPluginKV'] },
    { anyOf: ['kv.readwrite', 'kv.read'], methods: ['ListPluginKV'] },
    { anyOf: ['control.send'], methods: ['QueueControlPayload'] },
    { anyOf: [], methods: ['GetLicenseInfo'] },
  ],
};
