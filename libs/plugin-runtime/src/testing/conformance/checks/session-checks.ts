import { type OpenSessionResponse, OpenSessionResponse_CloseReason as CloseReason } from '@sluice/contracts/plugin';
import { SERVICE_BROKER_ID } from '../../../broker/open-broker';
import { callUnary } from '../../../connect/plugin-channel';
import { always, type Check } from '../check';
import { fail } from '../verdict';
import { describeError } from '../subject/describe-outcome';
import { definitionOf } from '../subject/plugin-rpc';
import type { Outcome, StartedPlugin } from '../subject/started-plugin';
import { PLUGIN_ID, type Subject } from '../subject/subject';

const SHORT_MS = 500;
const LONG_MS = 30_000;
/** A host waits this long for the broker and the end of the session together. */
const PATIENCE_MS = 8_000;
const CLOSE_MS = 2_000;

const request = (timeoutMs: number) => ({ serviceBrokerId: SERVICE_BROKER_ID, pluginId: PLUGIN_ID, metadata: {}, timeoutMs });

export function openSession(plugin: StartedPlugin, timeoutMs: number, deadlineMs = PATIENCE_MS): Promise<Outcome<OpenSessionResponse>> {
  return plugin.ask('openSession', request(timeoutMs), deadlineMs);
}

/** A session of half a second that ends by its timeout. `when` is the end of a sentence. */
export async function expectSession(plugin: StartedPlugin, when: string): Promise<void> {
  const outcome = await openSession(plugin, SHORT_MS);
  if (outcome.kind === 'error') {
    await plugin.mustLive('OpenSession');
    fail(`OpenSession ${describeError(outcome)} ${when}: block until timeout_ms is over, then answer close_reason TIMEOUT.`);
  }
  const { success, errorMessage, closeReason } = outcome.answer;
  if (!success) fail(`OpenSession answers success=false ${when} (${JSON.stringify(errorMessage)}): dial the broker id of the request, waiting up to 5 s for its announcement, and then hold the session.`);
  if (closeReason !== CloseReason.TIMEOUT) fail(`OpenSession ends with close_reason ${CloseReason[closeReason]} ${when}: a session that nobody closed ends with TIMEOUT.`);
}

/** How the session that is open ends when `CloseSession` comes with a reason. */
async function closed(subject: Subject, reason: string): Promise<CloseReason> {
  const plugin = await subject.initialized();
  await expectSession(plugin, 'before it is closed');
  const session = openSession(plugin, LONG_MS, PATIENCE_MS);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const close = await plugin.ask('closeSession', { reason }, CLOSE_MS);
  if (close.kind === 'error') fail(`CloseSession ${describeError(close)}: answer it, and end the session that is open.`);
  const outcome = await Promise.race([session, new Promise<undefined>((resolve) => setTimeout(resolve, CLOSE_MS + 500, undefined).unref())]);
  if (outcome === undefined || outcome.kind === 'error') fail('CloseSession does not end the session that is open: let the OpenSession that blocks return at once.');
  return outcome.answer.closeReason;
}

/** A host keeps one `OpenSession` outstanding for as long as it wants a plugin to work. */
export const sessionChecks: Check[] = [
  {
    id: 'session.timeout',
    title: 'holds a session until its time is up',
    section: 'session',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      const plugin = await subject.initialized();
      const openedAt = performance.now();
      await expectSession(plugin, 'after Initialize');
      if (performance.now() - openedAt < SHORT_MS * 0.8) fail(`OpenSession answers TIMEOUT before its ${SHORT_MS} ms are over: block until then, a host opens the next session at once.`);
    },
  },
  {
    id: 'session.again',
    title: 'opens the next session when one has ended',
    section: 'session',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      const plugin = await subject.initialized();
      for (const when of ['the first time', 'the second time', 'the third time']) await expectSession(plugin, when);
    },
  },
  {
    id: 'session.explicit-close',
    title: 'ends its session when the host unloads it',
    section: 'session',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      const reason = await closed(subject, 'unload');
      if (reason !== CloseReason.EXPLICIT_CLOSE) fail(`CloseSession with the reason "unload" ends the session with ${CloseReason[reason]}: answer EXPLICIT_CLOSE for "unload" and "shutdown", else the host opens another.`);
    },
  },
  {
    id: 'session.other-reason',
    title: 'tells a complaint of the host from an orderly end',
    section: 'session',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      const reason = await closed(subject, 'conformance');
      if (reason !== CloseReason.PLUGIN_ERROR) fail(`CloseSession with the reason "conformance" ends the session with ${CloseReason[reason]}: answer PLUGIN_ERROR for every reason but "unload" and "shutdown".`);
    },
  },
  {
    id: 'session.deadline',
    title: 'lets a session go whose deadline has passed',
    section: 'session',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      const plugin = await subject.initialized();
      await expectSession(plugin, 'after Initialize');
      await openSession(plugin, LONG_MS, 300);
      await expectSession(plugin, 'after one whose deadline passed, so the plugin still holds that one');
    },
  },
  {
    id: 'session.cancel',
    title: 'lets a session go that the host has cancelled',
    section: 'session',
    needs: 'initialize',
    applies: always,
    run: async (subject) => {
      const plugin = await subject.initialized();
      await expectSession(plugin, 'after Initialize');
      const cancel = new AbortController();
      const { path, requestSerialize } = definitionOf('openSession');
      const session = callUnary(plugin.channel, path, requestSerialize(request(LONG_MS)), { deadlineMs: LONG_MS, signal: cancel.signal }).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 300));
      cancel.abort(new Error('cancelled'));
      await session;
      await expectSession(plugin, 'after one that was cancelled, so the plugin still holds that one');
    },
  },
];
