import { Agent, request } from 'undici';

export interface StreamFigures {
  completed: number;
  /** Ended early, with an error, or with an event missing. */
  broken: number;
  breaks: string[];
  /** The most that were open at one moment. */
  open: number;
}

const EVENT_MS = 100;
const SHORTEST_EVENTS = 20;
const LONGEST_EVENTS = 80;
const KEPT_BREAKS = 10;

/** Keeps this many streams of the echo open: one that is complete is opened again. Each counts its own events, and misses none. */
export class StreamLoad {
  private readonly agent = new Agent({ connections: null, bodyTimeout: 30_000, keepAliveTimeout: 1_000 });
  private readonly figures: StreamFigures = { completed: 0, broken: 0, breaks: [], open: 0 };
  private readonly lanes: Promise<void>[] = [];
  private openNow = 0;
  private stopping = false;

  constructor(
    private readonly url: string,
    private readonly streams: number,
  ) {}

  start(): this {
    for (let lane = 0; lane < this.streams; lane++) this.lanes.push(this.keepOpen(lane));
    return this;
  }

  /** Lets the open ones come to their end. */
  async stop(): Promise<StreamFigures> {
    this.stopping = true;
    await Promise.all(this.lanes);
    await this.agent.close();
    return this.figures;
  }

  private async keepOpen(lane: number): Promise<void> {
    // Different lengths, so that they do not all end and begin at once.
    for (let round = lane; !this.stopping; round++) {
      const events = SHORTEST_EVENTS + ((round * 17) % (LONGEST_EVENTS - SHORTEST_EVENTS));
      await this.stream(events).catch((error: unknown) => this.break(String(error)));
    }
  }

  private async stream(events: number): Promise<void> {
    this.figures.open = Math.max(this.figures.open, (this.openNow += 1));
    try {
      const answer = await request(`${this.url}?count=${events}&interval_ms=${EVENT_MS}`, { dispatcher: this.agent });
      const text = await answer.body.text();
      const seen = [...text.matchAll(/"n":(\d+)/g)].map(([, n]) => Number(n));
      if (answer.statusCode !== 200) this.break(`${answer.statusCode} ${text.slice(0, 200)}`);
      else if (seen.length !== events || seen.some((n, index) => n !== index)) this.break(`${seen.length} of ${events} events`);
      else this.figures.completed += 1;
    } finally {
      this.openNow -= 1;
    }
  }

  private break(reason: string): void {
    this.figures.broken += 1;
    if (this.figures.breaks.length < KEPT_BREAKS) this.figures.breaks.push(reason);
  }
}
