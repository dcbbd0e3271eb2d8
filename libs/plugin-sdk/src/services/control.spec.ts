import { HostControlChannel } from './control';

describe('HostControlChannel', () => {
  it('sends bytes and says how many wait', async () => {
    const requests: object[] = [];
    const channel = new HostControlChannel(() => ({
      queueControlPayload: async (request) => {
        requests.push(request);
        return { success: true, errorMessage: '', pendingCount: 3n };
      },
    }));
    expect(await channel.send('hello', { correlationId: 'c' })).toBe(3);
    expect(requests).toEqual([{ payload: Buffer.from('hello'), correlationId: 'c', metadata: {} }]);
  });

  it("throws the gateway's sentence when it does not take a payload", async () => {
    const channel = new HostControlChannel(() => ({ queueControlPayload: async () => ({ success: false, errorMessage: 'at most 1 MB', pendingCount: 0n }) }));
    await expect(channel.send('x')).rejects.toThrow('at most 1 MB');
  });
});
