import { sayFarewell } from '../../../session/say-farewell';
import { always, type Check } from '../check';
import { fail, Nonconformance, skip } from '../verdict';
import { figuresAreKnown, groupMembers } from '../subject/process-figures';
import type { RawProcess } from '../subject/raw-process';
import type { StartedPlugin } from '../subject/started-plugin';
import type { Subject } from '../subject/subject';
import { expectSession, openSession } from './session-checks';

const END_MS = 2_000;

const lifeCycle: Pick<Check, 'section' | 'needs' | 'applies'> = { section: 'life cycle', needs: 'initialize', applies: always };

function processOf(plugin: StartedPlugin): RawProcess {
  return plugin.process ?? skip('the plugin runs elsewhere; the kit does not end it');
}

/** Asks a plugin to end, as a host does. */
async function farewell(plugin: StartedPlugin): Promise<void> {
  const process = processOf(plugin);
  await Promise.race([sayFarewell(plugin.connection.control, 'shutdown', END_MS), process.exited]);
}

async function serves(subject: Subject, what: string): Promise<StartedPlugin> {
  try {
    const plugin = await subject.initialized();
    await plugin.mustLive(what);
    return plugin;
  } catch (error) {
    if (!(error instanceof Nonconformance)) throw error;
    return fail(`${what} does not become ready: ${error.message}`);
  }
}

/** Starts and ends. */
export const lifeCycleChecks: Check[] = [
  {
    ...lifeCycle,
    id: 'restart.after-kill',
    title: 'starts again after it was killed',
    run: async (subject) => {
      const first = await subject.initialized();
      await processOf(first).dispose();
      await serves(subject, 'The process after one that was killed');
    },
  },
  {
    ...lifeCycle,
    id: 'restart.side-by-side',
    title: 'starts while another process of it still serves',
    run: async (subject) => {
      const first = await subject.initialized();
      processOf(first);
      await serves(subject, 'A second process beside one that serves, which is how a host reloads without dropping a request,');
      await first.mustLive('The start of a second process');
    },
  },
  {
    ...lifeCycle,
    id: 'shutdown.in-time',
    title: 'ends within two seconds when it is asked to',
    run: async (subject) => {
      const plugin = await subject.initialized();
      const process = processOf(plugin);
      await farewell(plugin);
      if (!(await process.exitWithin(END_MS))) fail('It does not end within 2 s of Shutdown and plugin.GRPCController/Shutdown, so a host kills it: end the process when that call has been answered.');
    },
  },
  {
    ...lifeCycle,
    id: 'shutdown.while-busy',
    title: 'ends in time with a session open',
    run: async (subject) => {
      const plugin = await subject.initialized();
      const process = processOf(plugin);
      await expectSession(plugin, 'before the end');
      const session = openSession(plugin, 30_000, 30_000);
      await new Promise((resolve) => setTimeout(resolve, 200));
      await farewell(plugin);
      const exit = await process.exitWithin(END_MS);
      plugin.connection.close();
      await session;
      if (!exit) fail('It does not end within 2 s while a session is open: end the session first, and do not wait for calls in progress when plugin.GRPCController/Shutdown comes.');
    },
  },
  {
    ...lifeCycle,
    id: 'shutdown.no-orphans',
    title: 'leaves no process behind',
    run: async (subject) => {
      if (!figuresAreKnown) skip('the processes of this machine cannot be listed');
      const plugin = await subject.initialized();
      const process = processOf(plugin);
      await farewell(plugin);
      await process.exitWithin(END_MS);
      const left = groupMembers(process.pid);
      if (left.length > 0) fail(`It leaves ${left.length === 1 ? 'a process' : `${left.length} processes`} behind (pid ${left.join(', ')}): end what it started before it ends itself.`);
    },
  },
];
