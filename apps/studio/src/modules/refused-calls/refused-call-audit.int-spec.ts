import { ECHO_PLUGIN } from '../../testing/plugin-files';
import { TestStudio } from '../../testing/test-studio';
import { RefusedCallAudit } from './refused-call-audit';

jest.setTimeout(60_000);

describe('RefusedCallAudit', () => {
  let studio: TestStudio;
  beforeAll(async () => {
    studio = await TestStudio.start();
  });
  afterAll(() => studio.close());

  it('writes all that a gateway tells of or nothing, so that what is sent again is there once', async () => {
    const { id } = (await studio.call('POST', '/api/v1/plugins', { body: { name: 'echo', command: ECHO_PLUGIN, config: { slug: 'echo' }, is_active: false } })).body.data;
    const audit = studio.app.get(RefusedCallAudit);
    const report = (pluginId: number, method: string) => ({ pluginId, method, reason: 'scope', message: 'a'.repeat(999) + '😀', repeated: 0 });
    const rows = async () => (await studio.call('GET', `/api/v1/audit?action=service_api.refuse&target_id=${id}`)).body.data;
    const noId = 2 ** 40;
    await expect(audit.record([report(id, '/a'), report(noId, '/b')], { name: 'eu', namespace: 'eu' })).rejects.toThrow();
    expect(await rows()).toEqual([]);
    await audit.record([report(id, '/a'), report(999, '/b')], { name: 'eu', namespace: 'eu' });
    expect(await rows()).toMatchObject([{ actor: { kind: 'plugin', id }, changes: { method: '/a', gateway: 'eu', message: `${'a'.repeat(999)}\ufffd` } }]);
  });
});
