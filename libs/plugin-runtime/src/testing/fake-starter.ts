import type { PluginChannel } from '../connect/plugin-channel';
import type { PluginAnswers } from '../host/plugin-host';
import type { GenerationEnd, GenerationRequest, GenerationStarter, RunningGeneration } from '../generation/generation';
import { StartFailure } from '../launch/start-failure';
import type { FarewellReason } from '../session/say-farewell';

/** A generation without a process; the test decides what happens to it. */
export class FakeGeneration implements RunningGeneration {
  readonly pluginId: number;
  readonly generation: number;
  readonly pid: number;
  readonly serviceBrokerId = 1;
  readonly answers: PluginAnswers;
  readonly calls = { active: 0, streams: 0 };
  readonly ended: Promise<GenerationEnd>;
  lastRequestId?: string;
  farewell: FarewellReason | undefined;
  fall: (end: GenerationEnd) => void = () => undefined;

  constructor(request: GenerationRequest, answers: Partial<PluginAnswers> = {}) {
    this.answers = { manifestJson: '', configSchemaJson: '', endpoints: [], objectHooks: [], resourceTypes: [], ...answers };
    this.pluginId = request.definition.id;
    this.generation = request.generation;
    this.pid = 1_000 + request.generation;
    this.ended = new Promise((resolve) => (this.fall = resolve));
  }

  get channel(): PluginChannel {
    const { calls } = this;
    const never = () => {
      throw new Error('A fake generation takes no calls.');
    };
    return { unary: never, serverStream: never, close: () => undefined, get activeCalls() { return calls.active; } };
  }

  get activeStreams(): number {
    return this.calls.streams;
  }

  async end(reason: FarewellReason): Promise<void> {
    this.farewell ??= reason;
  }
}

/** Starts nothing until the test says how the start goes. */
export class FakeStarter implements GenerationStarter {
  readonly requests: GenerationRequest[] = [];
  private outcome: { resolve(generation: RunningGeneration): void; reject(error: unknown): void } | undefined;

  start(request: GenerationRequest): Promise<RunningGeneration> {
    this.requests.push(request);
    return new Promise((resolve, reject) => {
      this.outcome = { resolve, reject };
      request.signal.addEventListener('abort', () => reject(request.signal.reason));
    });
  }

  get last(): GenerationRequest {
    return this.requests[this.requests.length - 1]!;
  }

  /** The start in progress succeeds. */
  async succeed(answers: Partial<PluginAnswers> = {}): Promise<FakeGeneration> {
    const generation = new FakeGeneration(this.last, answers);
    this.outcome!.resolve(generation);
    await settle();
    return generation;
  }

  /** The start in progress fails. */
  async fail(reason: string, passing = false): Promise<void> {
    this.outcome!.reject(new StartFailure(reason, { code: 3, signal: null }, passing));
    await settle();
  }
}

/** Lets everything that is already decided happen. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
