import { OutsideCalls } from '../sharing/outside-calls';
import type { PluginLink } from '../sharing/plugin-link';
import type { RunningGeneration } from '../generation/generation';
import { generationStatuses } from './generation-statuses';

const direct: PluginLink = { address: { network: 'unix', path: '/run/p' }, transport: 'lane' };

function statusOf(link: PluginLink | undefined) {
  const calls = new OutsideCalls();
  calls.hold(1);
  calls.report(1, 3, 1);
  const generation = { generation: 1, pid: 7, channel: { activeCalls: 4 }, activeStreams: 2, sharing: { link, calls } } as unknown as RunningGeneration;
  const [status] = generationStatuses({ list: () => [] } as never, { generation, since: 0 }, undefined);
  return [status!.activeCalls, status!.activeStreams];
}

describe('the calls of a generation', () => {
  it('are those of this process and those that others make over connections of their own', () => {
    expect(statusOf(direct)).toEqual([7, 3]);
  });

  it('are those of the one connection where others go through it', () => {
    expect(statusOf(undefined)).toEqual([4, 2]);
  });
});
