import { systemClock } from '@sluice/kernel';
import { CallGate, DEFAULT_SERVICE_API_LIMITS } from '../broker/call-gate';
import { checkServiceApi } from '../broker/open-broker';
import { EventBus } from '../events/event-bus';
import { DeploymentStarter } from '../generation/deployment-starter';
import { FittingStarter } from '../generation/fitting-starter';
import { ProcessGenerationStarter } from '../generation/process-generation-starter';
import { Isolation } from '../isolation/isolation';
import { LocalPluginLauncher } from '../launch/local-plugin-launcher';
import { ProgramGarbage } from '../launch/program-garbage';
import { endOrphans } from '../process/end-orphans';
import { ownEnvironment } from '../process/plugin-environment';
import { prepareRunDirectory } from '../process/private-directory';
import { RemoteGenerationStarter } from '../remote/remote-generation-starter';
import { ReverseDoor } from '../remote/reverse-door';
import { DEFAULT_DRAIN_TIMEOUT_MS, DEFAULT_TIMINGS } from '../timings';
import type { PluginHost, PluginHostOptions } from './plugin-host';
import { DEFAULT_POLICY } from './plugin-host-policy';
import { SupervisingPluginHost } from './supervising-plugin-host';

/** How long after the longest drain programs that nothing names are removed. */
const AFTER_DRAIN_MS = 60_000;

/**
 * A host of plugin processes. It first ends what an earlier host left below the same run directory when it was killed. Throws when the
 * run directory cannot be used.
 */
export function createPluginHost(options: PluginHostOptions): PluginHost {
  const { logger, runDirectory, serviceApi, clock = systemClock } = options;
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const policy = { ...DEFAULT_POLICY, ...options.policy };
  checkServiceApi(serviceApi);
  prepareRunDirectory(runDirectory, policy.uidRange !== null);
  endOrphans(runDirectory, logger);
  const events = new EventBus(options.runtime, options.eventTransport);
  const gate = new CallGate({ ...DEFAULT_SERVICE_API_LIMITS, ...options.serviceApiLimits }, clock, options.onRefusedCall);
  const context = {
    launcher: new LocalPluginLauncher({ hasRoots: policy.roots.length > 0, programs: options.programs }),
    clock,
    timings,
    runtime: options.runtime,
    edgeId: options.edgeId,
    runDirectory,
    environment: options.environment ?? ownEnvironment(),
    isolation: new Isolation(policy),
    autoMtls: policy.autoMtls,
    transport: policy.transport,
  };
  const drainLimits = { unaryMs: timings.unaryDrainMs, streamMs: options.drainTimeoutMs ?? DEFAULT_DRAIN_TIMEOUT_MS };
  const door = options.reverse ? new ReverseDoor(options.reverse, { serviceApi, gate, events }, logger) : undefined;
  const starter = new DeploymentStarter(
    new ProcessGenerationStarter({ context, serviceApi, gate, events, logger }),
    new RemoteGenerationStarter({ runtime: options.runtime, door, clock, timings, caps: policy.caps, logger }),
  );
  return new SupervisingPluginHost({
    starter: options.platform ? new FittingStarter(starter, options.platform) : starter,
    door,
    events,
    clock,
    timings,
    drainLimits,
    logger,
    onChange: options.onChange,
    onCrash: options.onCrash,
    garbage: options.programs && new ProgramGarbage({ programs: options.programs, clock, logger, delayMs: drainLimits.streamMs + AFTER_DRAIN_MS }),
  });
}
