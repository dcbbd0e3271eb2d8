import { SERVICE_BROKER_ID } from '../../../broker/open-broker';
import { always, type Check } from '../check';
import { fail } from '../verdict';
import { endpointRequest } from '../rpcs/endpoint-request';
import { describeError } from '../subject/describe-outcome';
import type { StartedPlugin } from '../subject/started-plugin';
import type { Subject } from '../subject/subject';
import { expectSession } from './session-checks';

/** Longer than the 5 s after which a plugin drops an announcement that nobody took. */
const LATE_MS = 6_500;
const SETTLE_MS = 500;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Uses the Service API through the endpoint that a sample names, where there is one. */
async function useService(subject: Subject, plugin: StartedPlugin, when: string): Promise<void> {
  const { service } = subject.samples;
  if (service === undefined) return;
  const { calls } = plugin.services;
  const outcome = await plugin.ask('handleEndpointRequest', endpointRequest(undefined, service), Math.min(30_000, subject.timeoutMs));
  if (outcome.kind === 'error') fail(`${service} ${describeError(outcome)} ${when}.`);
  const { statusCode, body } = outcome.answer;
  if (statusCode >= 500) fail(`${service} answers ${statusCode} ${when} (${body.toString('utf8').slice(0, 200)}): reach the Service API over the broker again.`);
  if (plugin.services.calls === calls) fail(`${service} does not use the Service API, so it shows nothing: name an endpoint that does.`);
}

/** How a plugin finds the services of its host. */
export const brokerChecks: Check[] = [
  {
    id: 'broker.dial',
    title: 'reaches the services of its host with the first session',
    section: 'broker',
    needs: 'initialize',
    applies: (manifest) => {
      if (!manifest) return 'the manifest cannot be read';
      return manifest.permissions.services.length > 0 || 'the manifest asks for nothing of the Service API';
    },
    run: async (subject) => {
      const plugin = await subject.initialized();
      await expectSession(plugin, 'after Initialize');
      await useService(subject, plugin, 'after Initialize');
      if (plugin.services.connections === 0) {
        fail(`It asks for the Service API in its manifest and has not dialled broker id ${SERVICE_BROKER_ID} by its first session: connect to the address that the host announces on plugin.GRPCBroker/StartStream.`);
      }
    },
  },
  {
    id: 'broker.late',
    title: 'finds the services of its host long after they were announced first',
    section: 'broker',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      subject.mustStartHere();
      const plugin = await subject.initialized();
      await pause(LATE_MS);
      await plugin.mustLive('An announcement that nobody took');
      await expectSession(plugin, `when the services are first used ${LATE_MS / 1_000} s after Initialize; drop an announcement after 5 s and take the next, which comes every 2 s`);
      await useService(subject, plugin, `when it is first used ${LATE_MS / 1_000} s after Initialize`);
    },
  },
  {
    id: 'broker.reconnect',
    title: 'works on when its connection to the host is dropped',
    section: 'broker',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      const plugin = await subject.initialized();
      await expectSession(plugin, 'after Initialize');
      for (let round = 0; round < 2; round += 1) {
        plugin.services.dropConnections();
        await pause(SETTLE_MS);
        await plugin.mustLive('A dropped connection to the host');
        await expectSession(plugin, 'after its connection to the host was dropped');
        await useService(subject, plugin, 'after its connection to the host was dropped');
      }
    },
  },
  {
    id: 'broker.unknown-id',
    title: 'ignores announcements that it did not ask for',
    section: 'broker',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      subject.mustStartHere();
      const plugin = await subject.initialized();
      for (const id of [77, 77, 4_000_000_000]) {
        plugin.services.announce(id);
        await pause(150);
      }
      await plugin.mustLive('An announcement of a broker id that it did not ask for');
      await expectSession(plugin, 'after an announcement of another broker id');
    },
  },
];
