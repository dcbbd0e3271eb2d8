import { status as Status } from '@grpc/grpc-js';
import type { Check } from '../check';
import { fail, skip } from '../verdict';
import { RPC_ROWS } from '../rpcs';
import type { AnyRow, AnyStreamRow, AnyUnaryRow, RequestSource } from '../rpcs/rpc-row';
import { collectStream } from '../subject/collect-stream';
import { describeError } from '../subject/describe-outcome';
import { definitionOf, nameOf } from '../subject/plugin-rpc';
import type { StartedPlugin } from '../subject/started-plugin';
import type { Subject } from '../subject/subject';
import { GARBAGE } from './garbage';

/** How much of a stream is looked at. */
const STREAM = { quietMs: 1_500, maxMessages: 50 };

/** For each RPC of a declared capability: it answers, it survives an empty message, and it refuses bytes that are none. */
export const rpcChecks: Check[] = RPC_ROWS.flatMap((row) => [answers(row), empty(row), garbage(row)]);

function applies(row: AnyRow): Check['applies'] {
  return (manifest) => {
    if (!manifest) return 'the manifest cannot be read';
    return row.declared(manifest) || 'the manifest does not declare it';
  };
}

function answers(row: AnyRow): Check {
  const name = nameOf(row.rpc);
  return {
    id: `call.${name}.answers`,
    title: `answers ${name} with something that a host can use`,
    section: 'calls',
    needs: 'initialize',
    applies: applies(row),
    run: async (subject) => {
      const plugin = await subject.shared();
      const source: RequestSource = { plugin, manifest: subject.manifest!, samples: subject.samples, deadlineMs: subject.timeoutMs };
      const requests: object[] = await row.requests(source);
      if (requests.length === 0) skip(`the plugin registers nothing that ${name} could be asked for`);
      for (const request of requests) await answersOne(row, name, plugin, request, subject.timeoutMs);
      await plugin.mustLive(name);
    },
  };
}

async function answersOne(row: AnyRow, name: string, plugin: StartedPlugin, request: object, timeoutMs: number): Promise<void> {
  const deadlineMs = Math.min(row.deadlineMs, timeoutMs);
  const fault = row.kind === 'unary' ? await judgeUnary(row, name, plugin, request, deadlineMs) : await judgeStream(row, name, plugin, request, deadlineMs);
  if (fault !== undefined) fail(`${name}: ${fault}`);
}

async function judgeUnary(row: AnyUnaryRow, name: string, plugin: StartedPlugin, request: object, deadlineMs: number): Promise<string | undefined> {
  const outcome = await plugin.ask(row.rpc, request as never, deadlineMs);
  if (outcome.kind === 'answer') return row.judge(outcome.answer as never, request as never);
  await plugin.mustLive(name);
  return `The call ${describeError(outcome)}. Answer within ${deadlineMs / 1_000} s, and say in the answer itself what went wrong.`;
}

async function judgeStream(row: AnyStreamRow, name: string, plugin: StartedPlugin, request: object, deadlineMs: number): Promise<string | undefined> {
  const { messages, end } = await collectStream(plugin, row.rpc, definitionOf(row.rpc).requestSerialize(request), { deadlineMs, ...STREAM });
  if (typeof end === 'string') return row.judge(messages as never[], end === 'ended');
  await plugin.mustLive(name);
  return `The stream ${describeError({ kind: 'error', status: end.status, message: end.message })}. Answer within ${deadlineMs / 1_000} s, and end a stream that fails with a chunk of type ERROR.`;
}

function empty(row: AnyRow): Check {
  const name = nameOf(row.rpc);
  return {
    id: `call.${name}.empty`,
    title: `lives on when ${name} comes with every field missing`,
    section: 'calls',
    needs: 'initialize',
    applies: applies(row),
    run: async (subject) => {
      const plugin = await subject.shared();
      const status = await statusOf(row, plugin, Buffer.alloc(0), subject);
      await plugin.mustLive(`${name} with every field missing`);
      if (status === Status.DEADLINE_EXCEEDED) fail(`${name} with every field missing was not answered in time: treat a missing field as empty, and refuse what you cannot use at once.`);
      if (status === Status.UNIMPLEMENTED) fail(`${name} is declared by the manifest and answers UNIMPLEMENTED: serve it, or take the hook out of the manifest.`);
    },
  };
}

function garbage(row: AnyRow): Check {
  const name = nameOf(row.rpc);
  return {
    id: `call.${name}.garbage`,
    title: `refuses bytes that are no message in ${name}`,
    section: 'calls',
    needs: 'initialize',
    applies: applies(row),
    run: async (subject) => {
      const plugin = await subject.shared();
      for (const bytes of GARBAGE) {
        const status = await statusOf(row, plugin, bytes, subject);
        await plugin.mustLive(`${name} with bytes that are no message`);
        if (status === Status.OK) fail(`${name} answers bytes that are no message (${bytes.subarray(0, 8).toString('hex')}…) as if they were one: refuse what cannot be decoded, with the status INTERNAL or INVALID_ARGUMENT.`);
        if (status === Status.DEADLINE_EXCEEDED) fail(`${name} does not answer bytes that are no message: refuse them at once, with the status INTERNAL or INVALID_ARGUMENT.`);
      }
    },
  };
}

/** The status that a call ends with; a stream that has not ended by itself counts as answered. */
function statusOf(row: AnyRow, plugin: StartedPlugin, bytes: Buffer, subject: Subject): Promise<number> {
  const { path } = definitionOf(row.rpc);
  const deadlineMs = Math.min(row.deadlineMs, subject.timeoutMs);
  if (row.kind === 'unary') return plugin.askBytes(path, bytes, deadlineMs).then((outcome) => (outcome.kind === 'answer' ? Status.OK : outcome.status));
  return new Promise((resolve) => {
    const call = plugin.channel.serverStream(path, bytes, { deadlineMs }, {
      onMessage: () => {
        call.cancel();
        resolve(Status.OK);
      },
      onEnd: () => resolve(Status.OK),
      onError: (error) => resolve(error.status),
    });
  });
}
