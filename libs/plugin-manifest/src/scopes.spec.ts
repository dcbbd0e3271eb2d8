import { AIStudioManagementServiceService } from '@sluice/contracts/ai-studio-management';
import { MicrogatewayManagementServiceService } from '@sluice/contracts/microgateway-management';
import { PluginEventServiceService } from '@sluice/contracts/plugin-events';
import { effectiveScopes, SCOPES, scopesAllow, SERVICE_SCOPES } from './scopes';

const LIST_APPS = '/ai_studio_management.AIStudioManagementService/ListApps';
const UPDATE_CONFIG = '/ai_studio_management.AIStudioManagementService/UpdatePluginConfig';
const LICENSE = '/microgateway_management.MicrogatewayManagementService/GetLicenseInfo';

describe('the scope table', () => {
  it('has every method of the services that a plugin may call, and no other', () => {
    const served = [MicrogatewayManagementServiceService, AIStudioManagementServiceService, PluginEventServiceService]
      .flatMap((service) => Object.values(service))
      .map((method) => method.path);
    expect([...SERVICE_SCOPES.keys()].sort()).toEqual(served.sort());
  });

  it('leaves open only the licence and the events', () => {
    const open = [...SERVICE_SCOPES].filter(([, anyOf]) => anyOf.length === 0).map(([method]) => method.split('/')[2]);
    expect(open.sort()).toEqual(['GetLicenseInfo', 'GetLicenseInfo', 'Publish', 'Subscribe', 'Unsubscribe']);
  });

  it('reads a key with either scope on the studio and only with readwrite on a gateway', () => {
    expect(scopesAllow('/ai_studio_management.AIStudioManagementService/ReadPluginKV', ['kv.read'])).toBe(true);
    expect(scopesAllow('/ai_studio_management.AIStudioManagementService/WritePluginKV', ['kv.read'])).toBe(false);
    expect(scopesAllow('/microgateway_management.MicrogatewayManagementService/ReadPluginKV', ['kv.read'])).toBe(false);
  });

  it('names each known scope once', () => {
    expect(SCOPES).toEqual([...new Set(SCOPES)].sort());
    expect(SCOPES).toEqual(expect.arrayContaining(['apps.read', 'data-catalogues.write', 'email.send', 'scheduler.manage']));
  });
});

describe('scopesAllow', () => {
  it('refuses a method whose scope is not approved', () => {
    expect(scopesAllow(LIST_APPS, ['apps.read'])).toBe(true);
    expect(scopesAllow(LIST_APPS, ['apps.write', 'kv.readwrite'])).toBe(false);
    expect(scopesAllow(LIST_APPS, [])).toBe(false);
  });

  it('takes any one of several scopes', () => {
    expect(scopesAllow(UPDATE_CONFIG, ['plugins.config'])).toBe(true);
    expect(scopesAllow(UPDATE_CONFIG, ['plugins.write'])).toBe(true);
    expect(scopesAllow(UPDATE_CONFIG, ['plugins.read'])).toBe(false);
  });

  it('opens what needs no scope, and refuses what nobody knows', () => {
    expect(scopesAllow(LICENSE, [])).toBe(true);
    expect(scopesAllow('/ai_studio_management.AIStudioManagementService/DropEverything', [...SCOPES])).toBe(false);
  });
});

describe('effectiveScopes', () => {
  it('is what is declared and approved, so that neither side widens it alone', () => {
    expect(effectiveScopes(['kv.readwrite', 'apps.read', 'apps.read'], ['apps.read', 'llms.write'])).toEqual(['apps.read']);
  });
});
