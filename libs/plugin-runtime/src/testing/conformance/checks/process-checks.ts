import { HOOK_RUNTIMES } from '@sluice/plugin-manifest';
import { parseHandshake } from '../../../handshake/parse-handshake';
import { type Environment, ownEnvironment } from '../../../process/plugin-environment';
import { always, type Check } from '../check';
import { fail, Nonconformance, skip } from '../verdict';
import type { Subject } from '../subject/subject';

const COOKIE = 'AI_STUDIO_PLUGIN';
const COOKIE_MS = 5_000;
const QUIET_MS = 1_000;
const QUIET_BYTES = 1024 * 1024;

/** Started without a host, a plugin says so and ends. */
async function refusesWithoutCookie(subject: Subject, cookie: string | undefined): Promise<void> {
  const { [COOKIE]: _, ...environment } = subject.environment();
  const process = subject.spawn(cookie === undefined ? environment : { ...environment, [COOKIE]: cookie });
  const how = cookie === undefined ? `without ${COOKIE}` : `with ${COOKIE}=${cookie}`;
  const patience = Math.min(COOKIE_MS, subject.timeoutMs);
  // One that offers a handshake goes on to wait for a host, so there is nothing to wait for.
  const line = await process.firstLine(patience);
  const exit = line !== undefined && parseHandshake(line).ok ? null : await process.exitWithin(patience);
  const advice = 'print one sentence for people on stderr and exit with code 1.';
  if (process.stdout.some((written) => parseHandshake(written).ok)) fail(`Started ${how} it offers a handshake: it is a person who started it, so ${advice}`);
  if (!exit) fail(`Started ${how} it goes on running: it is a person who started it, so ${advice}`);
  if (exit.code !== 1) fail(`Started ${how} it ends with ${exit.code === null ? `signal ${exit.signal}` : `exit code ${exit.code}`}: ${advice}`);
  if (process.stderr.join('').trim() === '') fail(`Started ${how} it ends without a word: ${advice}`);
}

/** What a plugin owes the machine that it runs on. */
export const processChecks: Check[] = [
  { id: 'cookie.missing', title: 'refuses to start without the magic cookie', section: 'process', needs: 'nothing', applies: always, run: (subject) => refusesWithoutCookie(subject, undefined) },
  { id: 'cookie.wrong', title: 'refuses to start with another magic cookie', section: 'process', needs: 'nothing', applies: always, run: (subject) => refusesWithoutCookie(subject, 'v0') },
  {
    id: 'environment.allow-list',
    title: 'starts with nothing in its environment but what a host gives',
    section: 'process',
    needs: 'nothing',
    applies: always,
    run: async (subject) => {
      subject.mustStartHere();
      try {
        await subject.start();
        return;
      } catch (error) {
        if (!(error instanceof Nonconformance)) throw error;
      }
      const everything: Environment = ownEnvironment();
      const environment = { ...definedOf(everything), ...subject.environment() };
      const line = await subject.spawn(environment).firstLine(subject.timeoutMs);
      if (line === undefined || !parseHandshake(line).ok) skip('it does not start with the whole environment of this shell either');
      fail('It starts with the whole environment of this shell and not with what a host gives it (PATH, HOME, TMPDIR, TZ, LANG, proxies and the variables of the protocol): take settings from the config of Initialize.');
    },
  },
  {
    id: 'environment.runtimes',
    title: 'takes its config in each runtime that its hooks are served in',
    section: 'process',
    needs: 'initialize',
    applies: (manifest) => {
      if (!manifest) return 'the manifest cannot be read';
      return runtimesOf(manifest.capabilities.hooks).length > 1 || 'its hooks are served in one runtime only';
    },
    run: async (subject) => {
      for (const runtime of runtimesOf(subject.manifest!.capabilities.hooks)) {
        try {
          await subject.initialized({ runtime });
        } catch (error) {
          if (!(error instanceof Nonconformance)) throw error;
          fail(`With PLUGIN_RUNTIME=${runtime} it does not become ready, and its hooks are served there: ${error.message}`);
        }
      }
    },
  },
  {
    id: 'output.moderate',
    title: 'stays, and writes little, while nothing is asked of it',
    section: 'process',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      const plugin = await subject.initialized();
      const { process } = plugin;
      if (!process) skip('the plugin runs elsewhere; the kit does not see its output');
      const before = process.bytes;
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      await plugin.mustLive('A second in which nothing was asked of it');
      const written = process.bytes - before;
      if (written > QUIET_BYTES) fail(`It writes ${Math.round(written / 1024 / 1024)} MiB in a second while nothing is asked of it: a host drops most of that, so log less.`);
    },
  },
];

function runtimesOf(hooks: readonly (keyof typeof HOOK_RUNTIMES)[]): ('studio' | 'gateway')[] {
  return (['gateway', 'studio'] as const).filter((runtime) => hooks.some((hook) => HOOK_RUNTIMES[hook].includes(runtime)));
}

function definedOf(environment: Environment): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
