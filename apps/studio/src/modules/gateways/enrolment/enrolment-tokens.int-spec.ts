import { isWellFormedToken } from '@sluice/config-snapshot';
import { FakeClock } from '@sluice/kernel';
import { DataSource } from 'typeorm';
import { GatewayKeysOfTest } from '../../../testing/gateway-keys';
import { TestStudio, type Json } from '../../../testing/test-studio';
import { GatewayEnrolmentService } from '../gateway-enrolment.service';

jest.setTimeout(60_000);

describe('enrolment tokens', () => {
  const clock = new FakeClock(Date.now());
  let studio: TestStudio;
  beforeAll(async () => {
    studio = await TestStudio.start({ clock, environment: { EDGE_JOIN_TOKEN: undefined as never } });
  });
  afterAll(() => studio?.close());

  const create = async (body: object): Promise<Json> => {
    const answer = await studio.call('POST', '/api/v1/gateways/enrolment-tokens', { body });
    expect(answer.status).toBe(201);
    return answer.body.data;
  };
  const enrol = (enrolmentToken: string, namespace = 'eu', keys = new GatewayKeysOfTest(clock)): Promise<number> =>
    studio.app.get(GatewayEnrolmentService).register(keys.registration({ namespace, enrolmentToken }));
  const refused = (token: string, code: string, namespace?: string): Promise<void> => expect(enrol(token, namespace)).rejects.toMatchObject({ code: `gateways.${code}` });

  it('are shown once, kept as a hash, and in the audit trail without the token', async () => {
    const made = await create({ namespace: 'eu' });
    expect(isWellFormedToken(made.token, 'enrolment')).toBe(true);
    expect(made).toMatchObject({ namespace: 'eu', max_uses: 1, uses: 0, revoked_at: null, expires_at: new Date(clock.now() + 86_400_000).toISOString(), prefix: made.token.slice(0, 8), last_four: made.token.slice(-4) });
    const list = await studio.call('GET', '/api/v1/gateways/enrolment-tokens');
    expect(list.body.data.find(({ id }: Json) => id === made.id)).toEqual({ ...made, token: undefined });
    const [{ dump }] = await studio.app.get(DataSource).query('SELECT json_agg(row)::text AS dump FROM gateway_enrolment_tokens row');
    const audit = await studio.call('GET', `/api/v1/audit?target_type=gateway_enrolment_token&target_id=${made.id}`);
    expect(audit.body.data).toEqual([expect.objectContaining({ action: 'gateway_enrolment_token.create' })]);
    for (const text of [dump, JSON.stringify(list.body), JSON.stringify(audit.body)]) expect(text).not.toContain(made.token.slice(8, -4));
  });

  it('admit as many gateways as they say, also when these come at once', async () => {
    const { token, id } = await create({ namespace: 'eu', max_uses: 2 });
    const answers = await Promise.allSettled([1, 2, 3, 4].map(() => enrol(token)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'gateways.tokenUsedUp' });
    const { body } = await studio.call('GET', '/api/v1/gateways/enrolment-tokens?limit=200');
    expect(body.data.find((row: Json) => row.id === id)).toMatchObject({ uses: 2, max_uses: 2 });
  });

  it('admit a gateway once, and it needs none afterwards', async () => {
    const { token } = await create({ namespace: 'eu' });
    const keys = new GatewayKeysOfTest(clock);
    const id = await enrol(token, 'eu', keys);
    clock.advance(1);
    expect(await enrol('', 'eu', keys)).toBe(id);
    await refused(token, 'tokenUsedUp');
  });

  it('admit without end when they say so', async () => {
    const { token } = await create({ namespace: 'eu', max_uses: null, expires_in: null });
    clock.advance(400 * 86_400_000);
    for (let count = 0; count < 3; count++) await enrol(token);
    clock.advance(-400 * 86_400_000);
  });

  it('admit nobody to another namespace, nor after their time, nor once they are revoked', async () => {
    const { token, id } = await create({ namespace: 'eu', expires_in: 60, max_uses: 5 });
    await refused(token, 'tokenOfOtherNamespace', 'us');
    await refused(token, 'tokenOfOtherNamespace', '');
    clock.advance(60_000);
    await refused(token, 'tokenExpired');
    expect((await studio.call('DELETE', `/api/v1/gateways/enrolment-tokens/${id}`)).status).toBe(204);
    await refused(token, 'tokenRevoked');
    expect((await studio.call('DELETE', `/api/v1/gateways/enrolment-tokens/${id}`)).status).toBe(404);
  });

  it('are none when they are made up, and none is needed where none was set', async () => {
    await refused('', 'tokenMissing');
    await refused('join-token-of-the-tests', 'tokenUnknown');
    await refused('sle_0000000000000000000000000000_000000', 'tokenUnknown');
  });

  it.each([
    ['no namespace', {}, '/namespace'],
    ['a namespace that is none', { namespace: 'E U' }, '/namespace'],
    ['no time', { namespace: 'eu', expires_in: 0 }, '/expires_in'],
    ['no uses', { namespace: 'eu', max_uses: 0 }, '/max_uses'],
    ['what there is not', { namespace: 'eu', name: 'x' }, '/name'],
  ])('are not made with %s', async (_, body, pointer) => {
    const answer = await studio.call('POST', '/api/v1/gateways/enrolment-tokens', { body });
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, pointer]);
  });
});
