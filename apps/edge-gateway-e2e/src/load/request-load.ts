import { Pool } from 'undici';

export interface LoadedRequest {
  method?: 'GET' | 'POST';
  path: string;
  body?: string;
}

/** What came of the requests. A request is failed unless it was answered with 200 and the whole body. */
export interface RequestFigures {
  sent: number;
  failed: number;
  /** What was different about the first few that failed. */
  failures: string[];
  /** Of each answer, when it was asked for and how long it took; milliseconds. */
  answers: { at: number; tookMs: number }[];
}

const KEPT_FAILURES = 10;

/** Sends requests at a steady rate, whether or not those before are answered, as clients of a service do. */
export class RequestLoad {
  private readonly pool: Pool;
  private readonly figures: RequestFigures = { sent: 0, failed: 0, failures: [], answers: [] };
  private readonly pending = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    origin: string,
    private readonly perSecond: number,
    private readonly requests: readonly LoadedRequest[],
  ) {
    this.pool = new Pool(origin, { connections: 64, pipelining: 1, keepAliveTimeout: 1_000, headersTimeout: 60_000 });
  }

  start(): this {
    const beganAt = performance.now();
    this.timer = setInterval(() => {
      const due = ((performance.now() - beganAt) / 1_000) * this.perSecond;
      while (this.figures.sent < due) this.send();
    }, 2);
    return this;
  }

  async stop(): Promise<RequestFigures> {
    clearInterval(this.timer);
    await Promise.all(this.pending);
    await this.pool.close();
    return this.figures;
  }

  private send(): void {
    const request = this.requests[this.figures.sent++ % this.requests.length]!;
    const sending = this.ask(request).finally(() => this.pending.delete(sending));
    this.pending.add(sending);
  }

  private async ask({ method = 'GET', path, body }: LoadedRequest): Promise<void> {
    const at = performance.now();
    try {
      const answer = await this.pool.request({ method, path, body });
      const text = await answer.body.text();
      this.figures.answers.push({ at, tookMs: performance.now() - at });
      if (answer.statusCode !== 200) this.fail(`${path}: ${answer.statusCode} ${text.slice(0, 200)}`);
    } catch (error) {
      this.fail(`${path}: ${String(error)}`);
    }
  }

  private fail(reason: string): void {
    this.figures.failed += 1;
    if (this.figures.failures.length < KEPT_FAILURES) this.figures.failures.push(reason);
  }
}
