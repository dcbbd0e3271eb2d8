import type { Transport } from '../connect/transport';
import type { PluginDefinition, PluginGeneration } from '../host/plugin-host';
import type { ProcessExit } from '../process/plugin-process';
import type { LogRing } from '../process/log-ring';
import type { FarewellReason } from '../session/say-farewell';

/** How a generation ended that nobody asked to end. */
export interface GenerationEnd {
  /** One sentence for a person. */
  reason: string;
  exit: ProcessExit;
  /** Resolves when its last lines have been read. Left out: they have been. */
  silence?: Promise<unknown>;
}

/** A process of a plugin, or a connection to one, that takes calls, as its supervisor sees it. */
export interface RunningGeneration extends PluginGeneration {
  /** Null for a plugin whose process is not this host's. */
  readonly pid: number | null;
  /** Calls that are answered by a stream and have not ended; part of `channel.activeCalls`. */
  readonly activeStreams: number;
  /** What carries its calls. Left out: @grpc/grpc-js. */
  readonly transport?: Transport;
  /** What of a plugin's protections and wishes this host could not give; a sentence each. Left out: all is in place. */
  readonly notEnforced?: readonly string[];
  /** Resolves when it can take no calls any more, for whatever reason. */
  readonly ended: Promise<GenerationEnd>;
  /** Asks it to end and sees to it that it does. Resolves when nothing is left of it. */
  end(reason: FarewellReason): Promise<void>;
}

export interface GenerationRequest {
  definition: PluginDefinition;
  generation: number;
  ring: LogRing;
  /** Gives the start up; what was started is ended before the promise settles. */
  signal: AbortSignal;
}

/** Brings a plugin from its definition to answers. Rejects with StartFailure, and then nothing is left of it. */
export interface GenerationStarter {
  start(request: GenerationRequest): Promise<RunningGeneration>;
}
