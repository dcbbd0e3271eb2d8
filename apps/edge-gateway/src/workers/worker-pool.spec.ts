import { pino } from 'pino';
import { portPair } from '../testing/port-pair';
import { EnforcedEverywhere } from './enforced-everywhere';
import type { Change, PrimaryQuestion, ToPrimary, ToWorker, WorkerQuestion } from './messages';
import { Peer } from './peer';
import type { PluginViews, ViewListener } from './plugin-views';
import type { FeedListener, SnapshotFeed } from './snapshot-feed';
import { WorkerPool } from './worker-pool';
import type { WorkerLimits } from './worker-handle';
import type { WorkerExit, WorkerProcess } from './worker-process';

const LIMITS = { revocationMs: 100, changeMs: 100, beginMs: 100, aliveMs: 60_000 };

/** The process of a worker that does what it is told when the test says so. */
class FakeWorker {
  readonly heard: ToWorker['kind'][] = [];
  killed = false;
  readonly process: WorkerProcess;
  readonly peer: Peer<ToPrimary, WorkerQuestion, ToWorker, PrimaryQuestion>;
  /** Its metrics come after this. */
  hold: Promise<void> = Promise.resolve();
  private exit: (exit: WorkerExit) => void = () => undefined;

  constructor(readonly id: number) {
    const [theirs, ours] = portPair();
    this.process = {
      id,
      pid: 1_000 + id,
      port: theirs,
      kill: () => {
        this.killed = true;
        this.die();
      },
      onExit: (listener) => (this.exit = listener),
    };
    this.peer = new Peer(ours, { notice: ({ kind }) => void this.heard.push(kind), answer: ({ what }) => this.hold.then(() => (what === 'metrics' ? `# TYPE asked counter\nasked ${id}\n` : true)) });
  }

  async tell(notice: ToPrimary): Promise<void> {
    this.peer.tell(notice);
    await turns();
  }

  async serve(number = 1): Promise<void> {
    await this.tell({ kind: 'hello' });
    await this.tell({ kind: 'enforced', number });
    await this.tell({ kind: 'serving', url: 'http://here' });
  }

  die(signal: string | null = 'SIGKILL'): void {
    this.exit({ code: null, signal });
  }

  fail(error: Error): void {
    this.exit({ code: null, signal: null, error });
  }
}

const turns = async () => {
  for (let turn = 0; turn < 4; turn++) await new Promise(setImmediate);
};

function start(count: number, limits: WorkerLimits = LIMITS) {
  const workers: FakeWorker[] = [];
  let feedListener!: FeedListener;
  let newest = 1;
  const left: number[] = [];
  const change: Change = { number: 1, kind: 'body', source: 0, head: Buffer.from('x') };
  const feed = { listen: (listener: FeedListener) => (feedListener = listener), get newest() { return newest; }, now: () => ({ change, revocations: [] }), forgetUpTo: () => undefined, piece: () => Promise.reject(new Error('none')) } as unknown as SnapshotFeed;
  const views = { listen: (_: ViewListener) => undefined, join: () => [], report: () => undefined, leave: (id: number) => void left.push(id) } as unknown as PluginViews;
  const everywhere = new EnforcedEverywhere();
  const machine = { forks: 0, refuses: false };
  const fork = () => {
    machine.forks += 1;
    if (machine.refuses) throw new Error('spawn ENOMEM');
    const worker = new FakeWorker(workers.length + 1);
    workers.push(worker);
    return worker.process;
  };
  const pool = new WorkerPool({ count, fork, feed, views, everywhere, answer: () => Promise.resolve(null), logger: pino({ level: 'silent' }), limits });
  const started = pool.start();
  started.catch(() => undefined);
  const take = (number: number, kind: Change['kind'] = 'delta') => {
    newest = number;
    feedListener.changed({ ...change, kind, number });
  };
  return { pool, workers, machine, started, everywhere, left, take, revoke: (number: number) => feedListener.revoked(number, Buffer.from('r')) };
}

let running: ReturnType<typeof start> | undefined;
const pool = (count: number, limits?: WorkerLimits) => (running = start(count, limits));
afterEach(async () => {
  const ending = running?.pool.leave(0);
  await ending;
  running = undefined;
});

const until = async (done: () => boolean) => {
  for (const deadline = Date.now() + 5_000; !done() && Date.now() < deadline; ) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(done()).toBe(true);
};

describe('the workers of a gateway', () => {
  it('have begun when every one of them serves', async () => {
    const { workers, started } = pool(2);
    let url = '';
    void started.then((text) => (url = text));
    await workers[0]!.serve();
    expect(url).toBe('');
    await workers[1]!.serve();
    expect([url, workers[0]!.heard]).toEqual(['http://here', ['begin', 'serve']]);
  });

  it('make the gateway fail that cannot begin', async () => {
    const { workers, started } = pool(2);
    await workers[0]!.tell({ kind: 'failed', message: 'EADDRINUSE' });
    await expect(started).rejects.toThrow('EADDRINUSE');
  });

  it('serve only with the newest configuration', async () => {
    const { workers, take } = pool(1);
    const [worker] = workers;
    await worker!.tell({ kind: 'hello' });
    take(2);
    await worker!.tell({ kind: 'enforced', number: 1 });
    expect(worker!.heard).toEqual(['begin', 'change']);
    await worker!.tell({ kind: 'enforced', number: 2 });
    expect(worker!.heard).toEqual(['begin', 'change', 'serve']);
  });

  it('enforce what the slowest of them does, and nobody waits for one that is gone', async () => {
    const { workers, everywhere, take } = pool(2);
    for (const worker of workers) await worker.serve();
    take(2);
    let reached = false;
    everywhere.whenReached(2, () => (reached = true));
    await workers[0]!.tell({ kind: 'enforced', number: 2 });
    await turns();
    expect(reached).toBe(false);
    workers[1]!.die();
    await turns();
    expect(reached).toBe(true);
  });

  it.each([
    ['does not refuse a token that was taken back', (it: ReturnType<typeof start>) => it.revoke(1)],
    ['does not take a new configuration', (it: ReturnType<typeof start>) => it.take(2)],
  ])('are ended and begun anew, one that %s', async (_, happen) => {
    const it = pool(1);
    await it.workers[0]!.serve();
    happen(it);
    await until(() => it.workers[0]!.killed);
    await until(() => it.workers.length === 2);
    expect(it.left).toEqual([1]);
  });

  it('are ended that do not take a new configuration, however much else they have to say', async () => {
    const it = pool(1);
    await it.workers[0]!.serve();
    it.take(2);
    const talking = setInterval(() => it.workers[0]!.peer.tell({ kind: 'calls', reports: [] }), 20);
    try {
      await until(() => it.workers[0]!.killed);
    } finally {
      clearInterval(talking);
    }
  });

  it('have the time of a revocation for a small change, which may be one, and more for a large one', async () => {
    const it = pool(2, { ...LIMITS, changeMs: 60_000, beginMs: 60_000 });
    for (const worker of it.workers) await worker.serve();
    it.take(2, 'whole');
    await turns();
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(it.workers.map(({ killed }) => killed)).toEqual([false, false]);
    await it.workers[0]!.tell({ kind: 'enforced', number: 2 });
    it.take(3, 'delta');
    await until(() => it.workers[0]!.killed);
    expect(it.workers[1]!.killed).toBe(false);
  });

  it('are not late when it was the primary that stood still', async () => {
    const it = pool(1);
    await it.workers[0]!.serve();
    it.revoke(1);
    it.take(2);
    await turns();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_600);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(it.workers[0]!.killed).toBe(false);
    await until(() => it.workers[0]!.killed);
  });

  it('are begun until one can be, when there are no processes to spare', async () => {
    const it = pool(1);
    await it.workers[0]!.serve();
    it.machine.refuses = true;
    it.workers[0]!.die();
    await until(() => it.machine.forks >= 2);
    it.machine.refuses = false;
    await until(() => it.workers.length === 2);
    it.workers[1]!.fail(new Error('spawn EAGAIN'));
    await until(() => it.workers.length === 3);
  });

  it('make the gateway fail when no process can be started at all', async () => {
    const it = pool(1);
    it.workers[0]!.fail(new Error('spawn EMFILE'));
    await expect(it.started).rejects.toThrow('spawn EMFILE');
  });

  it('keep their time when they confirm', async () => {
    const it = pool(1);
    await it.workers[0]!.serve();
    it.revoke(1);
    it.take(2);
    await turns();
    await it.workers[0]!.tell({ kind: 'revoked', number: 1 });
    await it.workers[0]!.tell({ kind: 'enforced', number: 2 });
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(it.workers[0]!.killed).toBe(false);
  });

  it('are one in their metrics, with what those had counted that have ended', async () => {
    const it = pool(2);
    for (const worker of it.workers) await worker.serve();
    expect(await it.pool.metricsText('# TYPE own gauge\nown 1\n')).toContain('asked 3');
    it.workers[1]!.die();
    await turns();
    expect(await it.pool.metricsText('')).toContain('asked 3');
  });

  it('are counted once when one of them ends while they are asked', async () => {
    const it = pool(2);
    for (const worker of it.workers) await worker.serve();
    let go = () => undefined as void;
    it.workers[0]!.hold = new Promise((resolve) => (go = resolve));
    const text = it.pool.metricsText('');
    await turns();
    it.workers[1]!.die();
    go();
    expect(await text).toContain('asked 3');
  });
});
