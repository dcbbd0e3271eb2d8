import { waitFor } from '@sluice/testing';
import { ECHO_PLUGIN } from '../../testing/plugin-files';
import { type Json, TestStudio } from '../../testing/test-studio';

jest.setTimeout(90_000);

describe('a plugin of the studio that is killed', () => {
  let studio: TestStudio;
  beforeAll(async () => {
    studio = await TestStudio.start();
  });
  afterAll(() => studio.close());

  const own = async (id: number): Promise<Json> => (await studio.call('GET', `/api/v1/plugins/${id}/status`)).body.data.studio;
  const crashes = async (id: number): Promise<Json[]> => (await studio.call('GET', `/api/v1/plugins/${id}/crashes`)).body.data;

  it('leaves a card, is back as its next generation, and its cards go when it goes', async () => {
    const { id } = (await studio.call('POST', '/api/v1/plugins', { body: { name: 'Echo', command: ECHO_PLUGIN, config: { slug: 'echo' } } })).body.data;
    await waitFor(async () => (await own(id))?.state === 'ready', { timeoutMs: 30_000, message: 'the studio runs it' });
    const { pid, generations } = await own(id);
    expect(generations).toEqual([{ generation: 1, state: 'ready', since: expect.any(String), pid, active_calls: 0, active_streams: 0 }]);
    process.kill(pid, 'SIGKILL');
    await waitFor(async () => (await crashes(id)).length > 0, { timeoutMs: 20_000, message: 'the card is written' });
    expect(await crashes(id)).toEqual([
      expect.objectContaining({
        gateway_id: null,
        gateway: null,
        generation: 1,
        reason: 'The plugin ended by signal SIGKILL.',
        exit_code: null,
        exit_signal: 'SIGKILL',
        last_log_lines: expect.arrayContaining([expect.stringContaining('The echo is ready.')]),
        outcome: 'restarting',
        restart_in_ms: expect.any(Number),
      }),
    ]);
    await waitFor(async () => (await own(id)).generation === 2 && (await own(id)).state === 'ready', { timeoutMs: 30_000, message: 'the next generation serves' });
    expect((await studio.call('DELETE', `/api/v1/plugins/${id}`)).status).toBe(204);
    expect((await studio.call('GET', `/api/v1/plugins/${id}/crashes`)).status).toBe(404);
  });
});
