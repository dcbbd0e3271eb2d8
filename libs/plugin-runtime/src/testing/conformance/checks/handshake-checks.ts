import { GRPCStdioService } from '@sluice/contracts/go-plugin';
import { dirname } from 'node:path';
import { parseHandshake } from '../../../handshake/parse-handshake';
import { checkHealth } from '../../../health/check-health';
import { always, type Check } from '../check';
import { fail, skip } from '../verdict';
import type { Subject } from '../subject/subject';

const OPEN_MS = 700;

/** The first line, and what has to answer behind the address in it. */
export const handshakeChecks: Check[] = [
  {
    id: 'handshake.line',
    title: 'prints a go-plugin handshake as its first line and accepts a connection there',
    section: 'handshake',
    needs: 'nothing',
    applies: always,
    run: async (subject) => void (await subject.connected()),
  },
  {
    id: 'handshake.address',
    title: 'listens where its host told it to',
    section: 'handshake',
    needs: 'start',
    applies: always,
    run: async (subject) => {
      const environment = subject.environment();
      const line = await subject.spawn(environment).firstLine(subject.timeoutMs);
      const handshake = parseHandshake(line ?? '');
      if (!handshake.ok) fail(handshake.reason);
      const { address } = handshake;
      const directory = environment['PLUGIN_UNIX_SOCKET_DIR']!;
      if (address.network === 'unix' && dirname(address.path) !== directory) fail(`Its socket is ${address.path}: make it in the directory that PLUGIN_UNIX_SOCKET_DIR names, which only this plugin can enter.`);
      if (address.network === 'tcp' && (address.port < 10_000 || address.port > 25_000)) fail(`It listens on port ${address.port}: take one between PLUGIN_MIN_PORT and PLUGIN_MAX_PORT.`);
    },
  },
  {
    id: 'handshake.once',
    title: 'prints one handshake only',
    section: 'handshake',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      const { process } = await subject.initialized();
      if (!process) skip('the plugin runs elsewhere; the kit does not see its output');
      const again = process.stdout.slice(1).find((line) => parseHandshake(line).ok);
      if (again !== undefined) fail(`It prints a second handshake, ${JSON.stringify(again)}: serve once in a process.`);
    },
  },
  {
    id: 'health.serving',
    title: 'says that it is healthy',
    section: 'handshake',
    needs: 'start',
    applies: always,
    run: async (subject) => void (await subject.start()),
  },
  {
    id: 'health.again',
    title: 'answers every health check, not only the first',
    section: 'handshake',
    needs: 'start',
    applies: always,
    run: async (subject) => {
      const { connection } = await subject.start();
      for (let round = 2; round <= 4; round += 1) {
        if (!(await checkHealth(connection.control, Math.min(5_000, subject.timeoutMs)))) fail(`It does not answer health check ${round}: a host asks every 5 s and ends a plugin that misses three.`);
      }
    },
  },
  {
    id: 'services.stdio',
    title: 'keeps the stream open on which it sends what it prints',
    section: 'handshake',
    needs: 'start',
    applies: always,
    run: async (subject) => {
      subject.mustStartHere();
      const end = await endOfStdio(subject);
      if (end !== undefined) fail(`plugin.GRPCStdio/StreamStdio ends at once (${end}): keep it open for the life of the process, even when nothing is printed.`);
    },
  },
  {
    id: 'services.broker',
    title: 'keeps the broker stream open',
    section: 'handshake',
    needs: 'start',
    applies: always,
    run: async (subject) => {
      subject.mustStartHere();
      const { broker } = (await subject.start({ announce: false })).own!;
      const ended = await new Promise<string | undefined>((resolve) => {
        broker.on('error', (error) => resolve(error.message)).on('end', () => resolve('ended'));
        setTimeout(() => resolve(undefined), OPEN_MS);
      });
      if (ended !== undefined || broker.readableEnded || broker.destroyed) fail(`plugin.GRPCBroker/StartStream ends at once (${ended ?? 'closed'}): keep it open for the life of the process; the host announces on it where its services are.`);
    },
  },
];

async function endOfStdio(subject: Subject): Promise<string | undefined> {
  const { channel } = await subject.start();
  const { path, requestSerialize } = GRPCStdioService.streamStdio;
  return new Promise((resolve) => {
    const call = channel.serverStream(path, requestSerialize({}), { deadlineMs: 60_000 }, {
      onMessage: () => undefined,
      onEnd: () => resolve('ended'),
      onError: (error) => resolve(error.message),
    });
    setTimeout(() => {
      call.cancel();
      resolve(undefined);
    }, OPEN_MS);
  });
}
