import type { EndpointRequest } from '@sluice/contracts/plugin';
import type { StreamCall } from '../../../connect/plugin-channel';
import type { Check } from '../check';
import { fail, skip } from '../verdict';
import { endpointRequest } from '../rpcs/endpoint-request';
import { declares, registrationsOf } from '../rpcs/rpc-row';
import { definitionOf } from '../subject/plugin-rpc';
import { cpuSeconds, figuresAreKnown, residentBytes } from '../subject/process-figures';
import type { StartedPlugin } from '../subject/started-plugin';
import type { Subject } from '../subject/subject';

const FIRST_MS = 2_000;
const CALM_AFTER_MS = 500;
const WATCH_MS = 1_000;
/** Of one processor, which it may have to share. */
const BUSY_SHARE = 0.25;
const PAUSED_MS = 2_500;
const GROWTH_BYTES = 64 * 1024 * 1024;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const streams: Pick<Check, 'section' | 'needs' | 'applies'> = {
  section: 'streams',
  needs: 'initialize',
  applies: (manifest) => {
    if (!manifest) return 'the manifest cannot be read';
    return declares('custom_endpoint')(manifest) || 'the manifest does not declare custom_endpoint';
  },
};

async function streamRequest(subject: Subject, plugin: StartedPlugin): Promise<EndpointRequest> {
  const registration = (await registrationsOf(plugin, subject.timeoutMs)).find(({ streamResponse }) => streamResponse);
  if (!registration) skip('the plugin registers no endpoint that streams');
  return endpointRequest(registration, subject.samples.stream);
}

/** Opens the stream and waits for its first chunk. */
async function open(subject: Subject, plugin: StartedPlugin, deadlineMs: number, onFirst: (call: StreamCall) => void = () => undefined): Promise<{ call: StreamCall; over: Promise<void> }> {
  const { path, requestSerialize } = definitionOf('handleEndpointRequestStream');
  const request = requestSerialize(await streamRequest(subject, plugin));
  return new Promise((resolve) => {
    let end: () => void = () => undefined;
    const over = new Promise<void>((done) => (end = done));
    let seen = false;
    const call = plugin.channel.serverStream(path, request, { deadlineMs }, {
      onMessage: () => {
        if (!seen) onFirst(call);
        seen = true;
        resolve({ call, over });
      },
      onEnd: () => end(),
      onError: () => end(),
    });
    void over.then(() => resolve({ call, over }));
    setTimeout(() => resolve({ call, over }), FIRST_MS);
  });
}

/** Fails when the plugin goes on working for a call that is over. */
async function expectCalm(plugin: StartedPlugin, pid: number, after: string): Promise<void> {
  await pause(CALM_AFTER_MS);
  const before = cpuSeconds(pid);
  await pause(WATCH_MS);
  const share = (cpuSeconds(pid) - before) / (WATCH_MS / 1_000);
  if (share > BUSY_SHARE) fail(`${after} it keeps a processor busy (${Math.round(share * 100)} %): stop the handler when its call is cancelled.`);
  await plugin.mustLive(after);
}

function pidOf(plugin: StartedPlugin): number {
  if (!figuresAreKnown || !plugin.process) return skip('the figures of its process cannot be read from here');
  return plugin.process.pid;
}

/** What a plugin does while nobody reads what it sends. */
export const streamChecks: Check[] = [
  {
    ...streams,
    id: 'stream.cancel',
    title: 'stops a stream whose client has gone away',
    run: async (subject) => {
      const plugin = await subject.initialized();
      const pid = pidOf(plugin);
      const { call } = await open(subject, plugin, 60_000);
      call.cancel();
      await expectCalm(plugin, pid, 'After a stream was cancelled');
    },
  },
  {
    ...streams,
    id: 'stream.deadline',
    title: 'stops a stream whose deadline has passed',
    run: async (subject) => {
      const plugin = await subject.initialized();
      const pid = pidOf(plugin);
      const { over } = await open(subject, plugin, 800);
      await over;
      await expectCalm(plugin, pid, 'After the deadline of a stream had passed');
    },
  },
  {
    ...streams,
    id: 'stream.back-pressure',
    title: 'waits for a slow reader instead of piling up what it sends',
    run: async (subject) => {
      const plugin = await subject.initialized();
      const pid = pidOf(plugin);
      const before = residentBytes(pid);
      const { call } = await open(subject, plugin, 60_000, (started) => started.pause());
      await pause(PAUSED_MS);
      const grown = residentBytes(pid) - before;
      call.cancel();
      if (grown > GROWTH_BYTES) fail(`Its memory grew by ${Math.round(grown / 1024 / 1024)} MiB in ${PAUSED_MS / 1_000} s while nobody read the stream: wait until a chunk is taken before you make the next.`);
      await plugin.mustLive('A stream that nobody reads');
    },
  },
];
