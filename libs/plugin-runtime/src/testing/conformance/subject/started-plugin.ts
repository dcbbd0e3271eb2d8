import { status as Status, type ClientDuplexStream } from '@grpc/grpc-js';
import type { ConnInfo } from '@sluice/contracts/go-plugin';
import type { MethodDefinition } from '../../../connect/call-message';
import { callUnary, ChannelError, type PluginChannel } from '../../../connect/plugin-channel';
import type { GrpcPluginChannel } from '../../../connect/grpc-plugin-channel';
import type { WatchedChannel } from '../../../connect/plugin-channel';
import type { Handshake } from '../../../handshake/parse-handshake';
import { checkHealth } from '../../../health/check-health';
import { describeExit } from '../../../process/describe-exit';
import { fail } from '../verdict';
import type { HostServices } from './host-services';
import { definitionOf, type RequestOf, type ResponseOf, type UnaryRpc } from './plugin-rpc';
import type { RawProcess } from './raw-process';

/** The connection to a plugin, whoever runs it. */
export interface Link {
  calls: WatchedChannel;
  control: GrpcPluginChannel;
  close(): void;
}

/** How a call ended. */
export type Outcome<T> = { kind: 'answer'; answer: T } | { kind: 'error'; status: number; message: string };

const HEALTH_MS = 5_000;
const LAST_MOMENT_MS = 400;

/** A plugin that is connected. What has been asked of it is up to the check. */
export class StartedPlugin {
  constructor(
    readonly connection: Link,
    readonly services: HostServices,
    /** What the kit has of a plugin that it started itself. */
    readonly own?: { process: RawProcess; handshake: Handshake; broker: ClientDuplexStream<ConnInfo, ConnInfo> },
  ) {}

  get process(): RawProcess | undefined {
    return this.own?.process;
  }

  get channel(): PluginChannel {
    return this.connection.calls;
  }

  /** Asks with a message. */
  async ask<R extends UnaryRpc>(rpc: R, request: RequestOf<R>, deadlineMs: number): Promise<Outcome<ResponseOf<R>>> {
    const definition = definitionOf(rpc);
    return this.askMethod(definition as unknown as MethodDefinition<RequestOf<R>, ResponseOf<R>>, request, deadlineMs);
  }

  /** Asks with a message of any service. */
  async askMethod<Request, Response>(method: MethodDefinition<Request, Response>, request: Request, deadlineMs: number): Promise<Outcome<Response>> {
    const outcome = await this.askBytes(method.path, method.requestSerialize(request), deadlineMs);
    if (outcome.kind === 'error') return outcome;
    try {
      return { kind: 'answer', answer: method.responseDeserialize(outcome.answer as Buffer) };
    } catch (error) {
      return { kind: 'error', status: Status.INTERNAL, message: `the answer is not the message of this RPC (${String(error)})` };
    }
  }

  /** Asks with bytes that need not be a message. */
  async askBytes(path: string, bytes: Uint8Array, deadlineMs: number): Promise<Outcome<Uint8Array>> {
    try {
      return { kind: 'answer', answer: await callUnary(this.channel, path, bytes, { deadlineMs }) };
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      return { kind: 'error', status: error.status, message: error.message };
    }
  }

  /** Fails when the plugin has ended or serves no more. `cause` begins the sentence: `Initialize with an empty config`. */
  async mustLive(cause: string): Promise<void> {
    if (await checkHealth(this.connection.control, HEALTH_MS)) return;
    const exit = await this.process?.exitWithin(LAST_MOMENT_MS);
    if (exit) fail(`${cause} ended the plugin ${describeExit(exit)}. Answer with an error instead: nothing that a host sends may end the process.${this.lastWords()}`);
    fail(`${cause} left the plugin unhealthy: it does not answer its health check within ${HEALTH_MS / 1_000} s. Catch what goes wrong in one call, so that the others go on.`);
  }

  /** What it wrote last, for the end of a sentence. */
  lastWords(): string {
    const lines = this.process?.stderr.slice(-2) ?? [];
    return lines.length === 0 ? '' : ` It last wrote: ${lines.map((line) => JSON.stringify(line.slice(0, 200))).join(', ')}.`;
  }

  async dispose(): Promise<void> {
    this.connection.close();
    if (!this.own) return;
    await this.services.close();
    await this.own.process.dispose();
  }
}
