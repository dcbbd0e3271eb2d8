import { status as Status } from '@grpc/grpc-js';
import type { Check } from '../check';
import { fail } from '../verdict';
import { RPC_ROWS } from '../rpcs';
import type { AnyRow, AnyUnaryRow } from '../rpcs/rpc-row';
import { collectStream } from '../subject/collect-stream';
import { describeError } from '../subject/describe-outcome';
import { definitionOf, nameOf } from '../subject/plugin-rpc';
import type { StartedPlugin } from '../subject/started-plugin';

const DEFAULT_MS = 5_000;
/** A message with every field missing. */
const NOTHING = Buffer.alloc(0);

/** A host may ask every plugin everything: what the author did not write has an answer that changes nothing, and is never UNIMPLEMENTED. */
export const defaultChecks: Check[] = RPC_ROWS.filter(({ kind, absent }) => kind === 'stream' || absent !== 'anything').map((row) => {
  const name = nameOf(row.rpc);
  return {
    id: `default.${name}`,
    title: `answers ${name} harmlessly without the capability`,
    section: 'defaults',
    needs: 'initialize',
    applies: (manifest) => {
      if (!manifest) return 'the manifest cannot be read';
      return !row.declared(manifest) || 'the manifest declares it';
    },
    run: async (subject) => {
      const plugin = await subject.shared();
      const deadlineMs = Math.min(DEFAULT_MS, subject.timeoutMs);
      const status = row.kind === 'unary' && row.absent !== 'error' ? await unaryStatus(row, name, plugin, deadlineMs) : await errorStatus(row, name, plugin, deadlineMs);
      await plugin.mustLive(name);
      if (status === Status.UNIMPLEMENTED) fail(`${name} answers UNIMPLEMENTED: ${remedy(row)}`);
    },
  };
});

async function unaryStatus(row: AnyUnaryRow, name: string, plugin: StartedPlugin, deadlineMs: number): Promise<number> {
  const outcome = await plugin.askMethod<object, object>({ ...definitionOf(row.rpc), requestSerialize: () => NOTHING }, {}, deadlineMs);
  if (outcome.kind === 'error') {
    if (outcome.status !== Status.UNIMPLEMENTED) {
      await plugin.mustLive(name);
      fail(`${name} ${describeError(outcome)}, and the manifest does not declare it: ${remedy(row)}`);
    }
    return outcome.status;
  }
  if (typeof row.absent === 'object' && !row.absent.is(outcome.answer as never)) fail(`${name} does something that the manifest does not declare: ${remedy(row)}`);
  return Status.OK;
}

async function errorStatus(row: AnyRow, name: string, plugin: StartedPlugin, deadlineMs: number): Promise<number> {
  const status = await statusOf(row, plugin, deadlineMs);
  if (status === Status.OK || status === Status.DEADLINE_EXCEEDED) fail(`${name} does not refuse, and the manifest does not declare it: ${remedy(row)}`);
  return status;
}

async function statusOf(row: AnyRow, plugin: StartedPlugin, deadlineMs: number): Promise<number> {
  if (row.kind === 'stream') {
    const { end } = await collectStream(plugin, row.rpc, NOTHING, { deadlineMs, quietMs: 1_000, maxMessages: 1 });
    return typeof end === 'string' ? Status.OK : end.status;
  }
  const outcome = await plugin.askBytes(definitionOf(row.rpc).path, NOTHING, deadlineMs);
  return outcome.kind === 'answer' ? Status.OK : outcome.status;
}

function remedy(row: AnyRow): string {
  const answer = typeof row.absent === 'object' ? `answer ${row.absent.text}` : 'end the call with the status UNKNOWN and a message';
  return `${answer} for a capability that the plugin does not have, or declare its hook in the manifest.`;
}
