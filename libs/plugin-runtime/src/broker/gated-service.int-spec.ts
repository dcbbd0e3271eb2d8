import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials, status as Status, type ServiceError } from '@grpc/grpc-js';
import { AIStudioManagementServiceClient, AIStudioManagementServiceService, CallLLMRequest, GetLicenseInfoRequest, GetLicenseInfoResponse } from '@sluice/contracts/ai-studio-management';
import { systemClock } from '@sluice/kernel';
import { silentLogger } from '../testing/test-host';
import { BrokerServer } from './broker-server';
import { CallGate, DEFAULT_SERVICE_API_LIMITS } from './call-gate';
import { guardedService } from './gated-service';
import type { RefusedCall } from './refused-calls';

const directory = mkdtempSync(join(tmpdir(), 'slb-'));
const socketPath = join(directory, 'host.sock');
const refused: RefusedCall[] = [];
let scopes: string[] = [];
let server: BrokerServer;
let client: AIStudioManagementServiceClient;

beforeAll(async () => {
  const gate = new CallGate(DEFAULT_SERVICE_API_LIMITS, systemClock, (call) => refused.push(call));
  const api = { definition: AIStudioManagementServiceService, handlers: { getLicenseInfo: async () => GetLicenseInfoResponse.fromPartial({ licenseValid: true }) } };
  const caller = () => ({ pluginId: 1, pluginName: 'echo', manifestId: 'a.b', approvedScopes: scopes, generation: 1 });
  server = await BrokerServer.listen({ at: socketPath, services: [guardedService(api, caller, gate, silentLogger())] });
  client = new AIStudioManagementServiceClient(`unix:${socketPath}`, credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const callLlm = () =>
  new Promise<ServiceError>((resolve, reject) => {
    client
      .callLlm(CallLLMRequest.fromPartial({}))
      .on('data', () => undefined)
      .on('end', () => reject(new Error('It was answered.')))
      .on('error', (error) => resolve(error as ServiceError));
  });

describe('a method of the Service API that is answered by a stream', () => {
  it('is refused without its scope as any other is, and told of', async () => {
    scopes = [];
    expect(await callLlm()).toMatchObject({ code: Status.PERMISSION_DENIED, details: expect.stringContaining('it needs the scope llms.proxy') });
    expect(refused).toEqual([expect.objectContaining({ pluginId: 1, method: expect.stringMatching(/CallLLM$/), reason: 'scope' })]);
  });

  it('says that this host does not have it, and the host goes on', async () => {
    scopes = ['llms.proxy'];
    expect(await callLlm()).toMatchObject({ code: Status.UNIMPLEMENTED, details: expect.stringContaining('is not available on this host') });
    const license = await new Promise((resolve, reject) => client.getLicenseInfo(GetLicenseInfoRequest.fromPartial({}), (error, answer) => (error ? reject(error) : resolve(answer))));
    expect(license).toMatchObject({ licenseValid: true });
  });
});
