import { type Client, credentials, loadPackageDefinition, type ServiceError } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import { ServerReflectionClient, type ServerReflectionRequest, type ServerReflectionResponse } from '@sluice/contracts/reflection';
import { ServerReflectionClient as ServerReflectionAlphaClient } from '@sluice/contracts/reflection-v1alpha';
import { BasePlugin } from '../base-plugin';
import { listenForHosts } from '../remote/remote-server';
import { RawHost } from '../testing/raw-host';

// Real processes on a busy machine.
jest.setTimeout(60_000);

type Question = NonNullable<ServerReflectionRequest['messageRequest']>;
type Answer = ServerReflectionResponse['messageResponse'];

class Bare extends BasePlugin {}

const OWN = ['grpc.reflection.v1.ServerReflection', 'grpc.reflection.v1alpha.ServerReflection'];

let cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  cleanUps = [];
});

function client<T extends Client>(Constructor: new (address: string, security: ReturnType<typeof credentials.createInsecure>, options: object) => T, address: string): T {
  const made = new Constructor(address, credentials.createInsecure(), { 'grpc.default_authority': 'localhost' });
  cleanUps.push(() => made.close());
  return made;
}

async function address(): Promise<string> {
  const host = RawHost.spawn('bare-plugin');
  cleanUps.push(() => host.close());
  return `unix:${(await host.handshake())[3]}`;
}

/** All answers of one stream, in their order. */
function ask(reflection: ServerReflectionClient | ServerReflectionAlphaClient, questions: Question[]): Promise<Answer[]> {
  return new Promise((resolve, reject) => {
    const answers: Answer[] = [];
    const call = reflection.serverReflectionInfo();
    call.on('data', ({ messageResponse }: ServerReflectionResponse) => answers.push(messageResponse));
    call.on('end', () => resolve(answers)).on('error', reject);
    for (const messageRequest of questions) call.write({ host: 'a', messageRequest });
    call.end();
  });
}

const services = (answer: Answer | undefined) => (answer?.$case === 'listServicesResponse' ? answer.value.service.map(({ name }) => name) : []);

describe('the reflection of a plugin process', () => {
  it.each([
    ['v1', ServerReflectionClient],
    ['v1alpha', ServerReflectionAlphaClient],
  ])('lists every service of its server (%s)', async (_version, Client) => {
    const [answer] = await ask(client(Client, await address()), [{ $case: 'listServices', value: '' }]);
    expect(services(answer)).toEqual([
      'config_provider.ConfigProviderService',
      'grpc.health.v1.Health',
      ...OWN,
      'plugin.GRPCBroker',
      'plugin.GRPCController',
      'plugin.GRPCStdio',
      'plugin.PluginService',
    ]);
  });

  it('lets somebody who has no .proto file call the plugin', async () => {
    const socket = await address();
    const [answer] = await ask(client(ServerReflectionClient, socket), [{ $case: 'fileContainingSymbol', value: 'plugin.PluginService' }]);
    const files = answer?.$case === 'fileDescriptorResponse' ? answer.value.fileDescriptorProto : [];
    const { plugin } = loadPackageDefinition(loadFileDescriptorSetFromBuffer(fileDescriptorSet(files))) as unknown as {
      plugin: { PluginService: new (address: string, security: object, options: object) => Client & { Ping: Unary } };
    };
    const stub = client(plugin.PluginService, socket);
    const pong = await new Promise((resolve, reject) => stub.Ping({ timestamp: 7 }, (error, response) => (error ? reject(error) : resolve(response))));
    expect(pong).toMatchObject({ healthy: true });
  });

  it('answers in the order of the questions, and says what it does not know', async () => {
    const answers = await ask(client(ServerReflectionClient, await address()), [
      { $case: 'fileByFilename', value: 'nothing.proto' },
      { $case: 'listServices', value: '' },
      { $case: 'fileContainingExtension', value: { containingType: 'plugin.App', extensionNumber: 7 } },
      { $case: 'allExtensionNumbersOfType', value: 'plugin.App' },
      { $case: 'allExtensionNumbersOfType', value: 'plugin.Nothing' },
    ]);
    expect(answers).toMatchObject([
      { $case: 'errorResponse', value: { errorCode: 5, errorMessage: 'There is no file nothing.proto.' } },
      { $case: 'listServicesResponse' },
      { $case: 'errorResponse', value: { errorCode: 5, errorMessage: 'plugin.App has no extension 7.' } },
      { $case: 'allExtensionNumbersResponse', value: { baseTypeName: 'plugin.App', extensionNumber: [] } },
      { $case: 'errorResponse', value: { errorCode: 5, errorMessage: 'There is no message plugin.Nothing.' } },
    ]);
  });
});

it('a plugin at an address lists what it serves there', async () => {
  const server = await listenForHosts(new Bare({ id: 'com.example.bare', version: '1.0.0' }), { port: 0 });
  cleanUps.push(() => server.close());
  const [answer] = await ask(client(ServerReflectionClient, server.address), [{ $case: 'listServices', value: '' }]);
  expect(services(answer)).toEqual(['config_provider.ConfigProviderService', 'grpc.health.v1.Health', ...OWN, 'plugin.PluginService']);
});

type Unary = (request: object, done: (error: ServiceError | null, response: unknown) => void) => void;

/** A FileDescriptorSet is its files, each as field 1. */
function fileDescriptorSet(files: Buffer[]): Buffer {
  return Buffer.concat(files.flatMap((file) => [Buffer.from([0x0a, ...varint(file.length)]), file]));
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
