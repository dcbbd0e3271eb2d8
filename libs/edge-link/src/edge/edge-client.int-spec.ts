import { Server, ServerCredentials, status, type Metadata, type handleUnaryCall } from '@grpc/grpc-js';
import { generateSealingKey, generateSigningKey, rawPublicKey, sealingPublicKey, SNAPSHOT_FORMAT } from '@sluice/config-snapshot';
import { Acknowledgement, CrashCard, CrashReport, EdgeServiceService, Heartbeat, Registration, type EdgeServiceServer, type Signed } from '@sluice/contracts/edge';
import { freePort, waitFor } from '@sluice/testing';
import { memoryLogger } from '../testing/memory-logger';
import { EdgeClient } from './edge-client';
import { verifyPayload, type SignedMessage } from './signing';
import { StudioClock } from './studio-clock';
import { studioTimeMetadata } from './studio-time';

/** The studio's gRPC side: verifies what gateways sign, with the keys that they registered. */
class SampleEdgeService {
  readonly registrations: Registration[] = [];
  /** By how much its clock differs from this machine's. */
  clockOffsetMs = 0;
  readonly heartbeats: Heartbeat[] = [];
  readonly acknowledgements: Acknowledgement[] = [];
  readonly keys = new Map<number, Buffer>();
  readonly crashes: string[] = [];
  refuseAcknowledgements: number | undefined;
  refuseCrashes: number | undefined;
  heartbeatIntervalMs = 200;
  private readonly lastSentAtMs: Partial<Record<SignedMessage, bigint>> = {};
  private server: Server | undefined;

  constructor(private readonly port: number) {}

  async start(): Promise<void> {
    const answer = <Request, Response>(handle: (request: Request) => Response): handleUnaryCall<Request, Response> => {
      return (call, callback) => {
        try {
          callback(null, handle(call.request));
        } catch (error) {
          callback(error as { code: number; metadata?: Metadata });
        }
      };
    };
    const service: EdgeServiceServer = {
      register: answer(({ signed }) => {
        const registration = Registration.decode(signed?.payload ?? Buffer.alloc(0));
        if (!signed || !verifyPayload('Registration', signed.payload, signed.signature, registration.publicKey)) throw { code: status.UNAUTHENTICATED };
        if (registration.enrolmentToken !== 'join') throw { code: status.PERMISSION_DENIED };
        this.checkTime('Registration', registration.sentAtMs);
        this.registrations.push(registration);
        this.keys.set(this.registrations.length, registration.publicKey);
        return { gatewayId: this.registrations.length, heartbeatIntervalMs: this.heartbeatIntervalMs, leaseMs: 60_000, studioTimeMs: BigInt(this.now()) };
      }),
      sendHeartbeat: answer(({ signed }) => {
        const heartbeat = Heartbeat.decode(this.verified('Heartbeat', signed));
        this.checkTime('Heartbeat', heartbeat.sentAtMs);
        this.heartbeats.push(heartbeat);
        return { publishedRevision: 2n ** 60n, studioTimeMs: BigInt(this.now()) };
      }),
      acknowledge: answer(({ signed }) => {
        const payload = this.verified('Acknowledgement', signed);
        if (this.refuseAcknowledgements !== undefined) throw { code: this.refuseAcknowledgements };
        const acknowledgement = Acknowledgement.decode(payload);
        this.checkTime('Acknowledgement', acknowledgement.sentAtMs);
        this.acknowledgements.push(acknowledgement);
        return {};
      }),
      reportCrashes: answer(({ signed }) => {
        const report = CrashReport.decode(this.verified('CrashReport', signed));
        this.checkTime('CrashReport', report.sentAtMs);
        this.crashes.push(...report.cards.map(({ id }) => id));
        if (this.refuseCrashes !== undefined) throw { code: this.refuseCrashes };
        return {};
      }),
      deliverPayloads: answer(() => {
        throw { code: status.UNIMPLEMENTED };
      }),
      reportRefusedCalls: answer(() => {
        throw { code: status.UNIMPLEMENTED };
      }),
    };
    const server = new Server();
    server.addService(EdgeServiceService, service);
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${this.port}`, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
    });
    this.server = server;
  }

  stop(): void {
    this.server?.forceShutdown();
  }

  forgetTimes(): void {
    for (const name of Object.keys(this.lastSentAtMs)) this.lastSentAtMs[name as SignedMessage] = 0n;
  }

  // As the studio does against replays.
  private checkTime(name: SignedMessage, sentAtMs: bigint): void {
    if (Math.abs(Number(sentAtMs) - this.now()) > 60_000) throw { code: status.UNAUTHENTICATED, metadata: studioTimeMetadata(this.now()) };
    if (sentAtMs <= (this.lastSentAtMs[name] ?? 0n)) throw { code: status.UNAUTHENTICATED };
    this.lastSentAtMs[name] = sentAtMs;
  }

  private now(): number {
    return Date.now() + this.clockOffsetMs;
  }

  private verified(name: SignedMessage, signed: Signed | undefined): Buffer {
    const key = signed && this.keys.get(signed.gatewayId);
    if (!signed || !key) throw { code: status.NOT_FOUND };
    if (!verifyPayload(name, signed.payload, signed.signature, key)) throw { code: status.UNAUTHENTICATED };
    return signed.payload;
  }
}

const acknowledgement = (revision: bigint): Acknowledgement => ({
  sentAtMs: 1n,
  outcome: { $case: 'applied', value: { epoch: 'e', revision, root: 'r', appliedAtMs: 1n, source: 'redis' } },
  plugins: [],
});

describe('EdgeClient', () => {
  const key = generateSigningKey();
  const sealingKey = generateSealingKey();
  let clock: StudioClock;
  let service: SampleEdgeService;
  let client: EdgeClient;
  let logger: ReturnType<typeof memoryLogger>;
  let published: bigint[];
  let heartbeat: Heartbeat;

  beforeEach(async () => {
    const port = await freePort();
    service = new SampleEdgeService(port);
    logger = memoryLogger();
    published = [];
    clock = new StudioClock(() => Date.now());
    heartbeat = { sentAtMs: 5n, applied: undefined, plugins: [] };
    client = new EdgeClient({
      url: `127.0.0.1:${port}`,
      enrolmentToken: 'join',
      name: 'edge-1',
      namespace: 'eu',
      version: '1.2.3',
      privateKey: key.privateKey,
      sealingKey,
      clock,
      logger,
      heartbeatOf: () => heartbeat,
      onPublishedRevision: (revision) => published.push(revision),
    });
  });
  afterEach(async () => {
    await client.close();
    service.stop();
  });

  const applied = () => service.acknowledgements.map(({ outcome }) => (outcome?.$case === 'applied' ? outcome.value.revision : undefined));

  it('registers with its public key and renews its lease', async () => {
    await service.start();
    client.start();
    await waitFor(() => service.heartbeats.length >= 3);
    expect(service.registrations).toEqual([
      {
        name: 'edge-1',
        namespace: 'eu',
        publicKey: rawPublicKey(key.publicKey),
        sealingKey: sealingPublicKey(sealingKey),
        version: '1.2.3',
        snapshotFormat: SNAPSHOT_FORMAT,
        sentAtMs: expect.any(BigInt),
        enrolmentToken: 'join',
      },
    ]);
    expect(client.gatewayId()).toBe(1);
    expect(published[0]).toBe(2n ** 60n);
  });

  it.each([3_600_000, -3_600_000])('learns that the clock of the studio is %d ms from its own, and is believed', async (offsetMs) => {
    service.clockOffsetMs = offsetMs;
    await service.start();
    client.start();
    client.acknowledge(acknowledgement(8n));
    await waitFor(() => service.heartbeats.length >= 2 && service.acknowledgements.length === 1);
    expect(Math.abs(clock.now() - Date.now() - offsetMs)).toBeLessThan(5_000);
    expect(logger.lines.filter(({ level }) => level === 'warn')).toEqual([]);
    // The studio's clock is put right while the gateway runs.
    service.clockOffsetMs = 0;
    service.forgetTimes();
    const before = service.heartbeats.length;
    await waitFor(() => service.heartbeats.length >= before + 2, { timeoutMs: 20_000 });
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(5_000);
  });

  it('goes on when its clock is set back, and the studio\'s with it', async () => {
    await service.start();
    client.start();
    await waitFor(() => service.heartbeats.length >= 2);
    const { now } = Date;
    const setBack = jest.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000);
    try {
      service.forgetTimes();
      const before = service.heartbeats.length;
      await waitFor(() => service.heartbeats.length >= before + 3, { timeoutMs: 20_000, message: 'further heartbeats' });
    } finally {
      setBack.mockRestore();
    }
  });

  it('starts before the studio, keeps the newest acknowledgement, and says once that nobody answers', async () => {
    client.start();
    client.acknowledge(acknowledgement(1n));
    client.acknowledge(acknowledgement(2n));
    await waitFor(() => logger.lines.length > 0);
    expect(client.gatewayId()).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(logger.lines.map(({ message }) => message)).toEqual(['studio gRPC fails; trying on']);
    await service.start();
    await waitFor(() => service.acknowledgements.length > 0, { timeoutMs: 20_000 });
    expect(applied()).toEqual([2n]);
  }, 60_000);

  it('acknowledges at once', async () => {
    service.heartbeatIntervalMs = 60_000;
    await service.start();
    client.start();
    await waitFor(() => service.heartbeats.length > 0);
    client.acknowledge(acknowledgement(7n));
    await waitFor(() => service.acknowledgements.length > 0, { timeoutMs: 5_000 });
    expect(applied()).toEqual([7n]);
  });

  it('acknowledges after the studio was away, with the same registration', async () => {
    await service.start();
    client.start();
    await waitFor(() => service.heartbeats.length > 0);
    service.stop();
    client.acknowledge(acknowledgement(3n));
    await waitFor(() => logger.lines.some(({ level }) => level === 'warn'));
    await service.start();
    await waitFor(() => service.acknowledgements.length > 0, { timeoutMs: 20_000 });
    expect(applied()).toEqual([3n]);
    expect(service.registrations).toHaveLength(1);
  }, 60_000);

  it('registers again with a studio that forgot it, and repeats what it acknowledged', async () => {
    await service.start();
    client.start();
    client.acknowledge(acknowledgement(4n));
    await waitFor(() => service.acknowledgements.length === 1);
    service.keys.clear();
    await waitFor(() => service.acknowledgements.length === 2, { timeoutMs: 20_000 });
    expect(applied()).toEqual([4n, 4n]);
    expect(service.registrations).toHaveLength(2);
    expect(client.gatewayId()).toBe(2);
  }, 60_000);

  it('registers again when its id now belongs to another key', async () => {
    await service.start();
    client.start();
    await waitFor(() => client.gatewayId() === 1);
    service.keys.set(1, rawPublicKey(generateSigningKey().publicKey));
    await waitFor(() => client.gatewayId() === 2, { timeoutMs: 20_000 });
  }, 60_000);

  it('goes on with heartbeats when an acknowledgement is not taken', async () => {
    await service.start();
    service.refuseAcknowledgements = status.INVALID_ARGUMENT;
    client.start();
    client.acknowledge(acknowledgement(5n));
    await waitFor(() => logger.lines.some(({ level }) => level === 'error'));
    const before = service.heartbeats.length;
    await waitFor(() => service.heartbeats.length > before + 2);
    service.refuseAcknowledgements = undefined;
    client.acknowledge(acknowledgement(6n));
    await waitFor(() => service.acknowledgements.length > 0);
    expect(applied()).toEqual([6n]);
  });

  it('sends a heartbeat when asked, with what is so now', async () => {
    service.heartbeatIntervalMs = 60_000;
    await service.start();
    client.start();
    await waitFor(() => service.heartbeats.length > 0);
    heartbeat = { sentAtMs: 5n, applied: { epoch: 'e', revision: 9n, root: 'r', appliedAtMs: 1n, source: 'disk' }, plugins: [] };
    client.heartbeatNow();
    await waitFor(() => service.heartbeats.at(-1)?.applied?.revision === 9n, { timeoutMs: 5_000 });
  });

  it('sends nothing that could be taken for a replay, however fast it is asked', async () => {
    await service.start();
    client.start();
    for (let count = 0; count < 30; count++) {
      client.heartbeatNow();
      client.acknowledge(acknowledgement(BigInt(count)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await waitFor(() => applied().at(-1) === 29n);
    expect(logger.lines.filter(({ level }) => level === 'warn')).toEqual([]);
    expect(service.registrations).toHaveLength(1);
  });

  const crash = (id: string) => CrashCard.fromPartial({ id, pluginId: 7, reason: 'The plugin ended by signal SIGKILL.' });

  it('reports crashes at once, and those that happened before the studio was there', async () => {
    service.heartbeatIntervalMs = 60_000;
    client.reportCrash(crash('early'));
    await service.start();
    client.start();
    await waitFor(() => service.crashes.length > 0);
    client.reportCrash(crash('late'));
    await waitFor(() => service.crashes.length > 1, { timeoutMs: 5_000 });
    expect(service.crashes).toEqual(['early', 'late']);
  });

  it('reports a crash again when nobody confirmed it', async () => {
    await service.start();
    service.refuseCrashes = status.UNAVAILABLE;
    client.start();
    client.reportCrash(crash('one'));
    await waitFor(() => service.crashes.length > 0);
    service.refuseCrashes = undefined;
    const refused = service.crashes.length;
    await waitFor(() => service.crashes.length > refused, { timeoutMs: 20_000 });
    const before = service.heartbeats.length;
    await waitFor(() => service.heartbeats.length > before + 2);
    expect(service.crashes).toHaveLength(refused + 1);
    expect(new Set(service.crashes)).toEqual(new Set(['one']));
  }, 60_000);

  it('goes on with a studio that knows nothing of crashes', async () => {
    await service.start();
    service.refuseCrashes = status.UNIMPLEMENTED;
    client.start();
    client.reportCrash(crash('one'));
    await waitFor(() => service.crashes.length > 0);
    const before = service.heartbeats.length;
    await waitFor(() => service.heartbeats.length > before + 2);
    expect(service.crashes).toEqual(['one']);
  });

  it('makes no call after it was closed', async () => {
    await service.start();
    client.start();
    await waitFor(() => service.heartbeats.length > 0);
    await client.close();
    const before = service.heartbeats.length;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(service.heartbeats).toHaveLength(before);
  });
});
