import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { EdgeServiceService, PayloadBatch, type Signed } from '@sluice/contracts/edge';
import { freePort, waitFor } from '@sluice/testing';
import { memoryLogger } from '../testing/memory-logger';
import { EdgeSender } from './edge-sender';

/** A studio that takes batches, or answers with a status, or is not there. */
class SampleStudio {
  readonly taken: bigint[] = [];
  failWith: number | undefined;
  private server: Server | undefined;

  constructor(private readonly port: number) {}

  async start(): Promise<void> {
    const server = new Server();
    server.addService(EdgeServiceService, {
      deliverPayloads: ({ request }: { request: { signed: Signed } }, callback: (error: object | null, answer?: object) => void) => {
        if (this.failWith !== undefined) return callback({ code: this.failWith });
        this.taken.push(...PayloadBatch.decode(request.signed.payload).payloads.map(({ sequence }) => sequence));
        callback(null, {});
      },
    });
    await new Promise<void>((resolve, reject) => server.bindAsync(`127.0.0.1:${this.port}`, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve())));
    this.server = server;
  }

  stop(): void {
    this.server?.forceShutdown();
  }
}

describe('EdgeSender', () => {
  let studio: SampleStudio;
  let sender: EdgeSender;
  let waiting: bigint[];
  let registered: boolean;
  let refusals: (number | undefined)[];

  const queue = (...sequences: number[]) => {
    waiting.push(...sequences.map(BigInt));
    sender.poke();
  };

  beforeEach(async () => {
    const port = await freePort();
    studio = new SampleStudio(port);
    waiting = [];
    refusals = [];
    registered = true;
    sender = new EdgeSender({
      url: `127.0.0.1:${port}`,
      what: 'payloads',
      logger: memoryLogger(),
      client: {
        sign: (_message, payload) => (registered ? { gatewayId: 1, payload, signature: Buffer.alloc(64) } : undefined),
        refused: (code) => refusals.push(code),
      },
      next: async () => {
        const sequence = waiting[0];
        if (sequence === undefined) return undefined;
        return {
          message: 'PayloadBatch',
          payload: Buffer.from(PayloadBatch.encode(PayloadBatch.fromPartial({ outboxId: 'box', payloads: [{ sequence }] })).finish()),
          send: (line, signed) => line.deliverPayloads(signed),
          sent: () => void waiting.shift(),
        };
      },
    });
    sender.start();
  });
  afterEach(async () => {
    await sender.close();
    studio.stop();
  });

  it('sends one after the other, and at once what is added later', async () => {
    await studio.start();
    queue(1, 2);
    await waitFor(() => waiting.length === 0, { timeoutMs: 20_000 });
    queue(3);
    await waitFor(() => waiting.length === 0, { timeoutMs: 5_000 });
    expect(studio.taken).toEqual([1n, 2n, 3n]);
  });

  it('keeps what the studio did not take, and says how it was refused', async () => {
    await studio.start();
    studio.failWith = status.NOT_FOUND;
    queue(1);
    await waitFor(() => refusals.includes(status.NOT_FOUND), { timeoutMs: 20_000 });
    expect(waiting).toEqual([1n]);
    studio.failWith = undefined;
    await waitFor(() => waiting.length === 0, { timeoutMs: 20_000 });
    expect(studio.taken).toEqual([1n]);
  });

  it('waits for a studio that is away, and for the registration', async () => {
    registered = false;
    queue(1);
    await studio.start();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(studio.taken).toEqual([]);
    registered = true;
    await waitFor(() => studio.taken.length === 1, { timeoutMs: 20_000 });
    studio.stop();
    queue(2);
    await waitFor(() => refusals.includes(status.UNAVAILABLE), { timeoutMs: 20_000 });
    await studio.start();
    await waitFor(() => waiting.length === 0, { timeoutMs: 30_000 });
    expect(studio.taken).toEqual([1n, 2n]);
  });
});
