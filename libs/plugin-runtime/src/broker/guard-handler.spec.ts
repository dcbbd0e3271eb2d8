import { status as Status } from '@grpc/grpc-js';
import { defineErrors } from '@sluice/kernel';
import { silentLogger } from '../testing/test-host';
import { checkScope, toServiceError } from './guard-handler';

const READ = '/microgateway_management.MicrogatewayManagementService/ReadPluginKV';
const caller = (approvedScopes: string[]) => ({ pluginId: 7, pluginName: 'echo', manifestId: 'a.b', approvedScopes, generation: 1 });
const errors = defineErrors('kv', { notFound: { kind: 'not_found', blame: 'caller', message: 'key not found' } });

describe('checkScope', () => {
  it('lets an approved scope pass', () => {
    expect(() => checkScope(caller(['kv.readwrite']), READ)).not.toThrow();
  });

  it('refuses with a sentence that names plugin, scope and remedy', () => {
    const message = `Plugin "echo" may not call ${READ}: it needs the scope kv.readwrite. Declare it under permissions.services in the manifest and approve it for this plugin.`;
    expect(() => checkScope(caller(['apps.read']), READ)).toThrow(expect.objectContaining({ code: 'plugin.scopeMissing', message }));
  });

  it('refuses a method that no table lists, whatever is approved', () => {
    expect(() => checkScope(caller(['kv.readwrite']), '/a.B/C')).toThrow('Plugin "echo" may not call /a.B/C: the Service API does not list it.');
  });
});

describe('toServiceError', () => {
  it('gives an expected error the status of its kind and its own words', () => {
    expect(toServiceError(new errors.notFound(), READ, silentLogger())).toEqual({ code: Status.NOT_FOUND, details: 'key not found' });
  });

  it('tells a plugin nothing about a surprise', () => {
    const { code, details } = toServiceError(new Error('password=hunter2'), READ, silentLogger());
    expect(code).toBe(Status.INTERNAL);
    expect(details).not.toContain('hunter2');
  });
});
