import { FakePlugin } from '../testing/fake-plugin';
import { generatedTargets } from '../testing/generated-targets';
import { sendRaw } from '../testing/raw-client';
import { pluginRecord } from '../testing/records';
import { TestGateway } from '../testing/test-gateway';

const SEED = 7;
const COUNT = 3_000;
const AT_ONCE = 25;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await new TestGateway().listen();
  const plugin = new FakePlugin();
  plugin.answer = (call) => {
    const { path, relativePath, pathSegments, queryString } = call.request;
    call.respond({ statusCode: 200, body: Buffer.from(JSON.stringify({ path, relativePath, pathSegments, queryString })) });
  };
  gateway.serving.set(1, plugin.generation(1, [{ path: '/*' }, { path: '/private', requireAuth: true }, { path: '/admin/*', requireAuth: true }]));
  gateway.apply(pluginRecord({ id: 1, slug: 'echo' }));
});
afterAll(() => gateway.close());

/** The one reading that there is: raw text up to the question mark, decoded once. */
function expected(target: string) {
  const mark = target.indexOf('?');
  const path = decodeURIComponent(mark < 0 ? target : target.slice(0, mark));
  const relativePath = path.slice('/plugins/echo'.length) || '/';
  const inner = relativePath.replace(/^\//, '').replace(/\/$/, '');
  return { path, relativePath, pathSegments: inner === '' ? [] : inner.split('/'), queryString: mark < 0 ? '' : target.slice(mark + 1) };
}

it('gives a plugin the path that was authorised, over the wire', async () => {
  const seen: Record<number, number> = {};
  const wrong: unknown[] = [];
  const ask = async (target: string) => {
    const answer = await sendRaw(gateway.port, `GET ${target} HTTP/1.1\r\nHost: gw\r\nConnection: close\r\n\r\n`, 10_000);
    seen[answer.status] = (seen[answer.status] ?? 0) + 1;
    if (![200, 299, 400, 401, 404].includes(answer.status)) wrong.push([target, answer.status]);
    if (answer.status !== 200) return;
    const got = JSON.parse(Buffer.from(answer.body, 'latin1').toString('utf8')) as ReturnType<typeof expected>;
    if (JSON.stringify(got) !== JSON.stringify(expected(target))) wrong.push([target, got]);
    // These two ask for a token, which was not sent.
    if (/^\/(?:private\/?$|admin\/)/.test(got.relativePath)) wrong.push([target, 'reached without a token']);
  };
  const targets = [...generatedTargets(COUNT, SEED)];
  for (let first = 0; first < COUNT; first += AT_ONCE) await Promise.all(targets.slice(first, first + AT_ONCE).map(ask));
  expect(wrong).toEqual([]);
  expect(seen[200]).toBeGreaterThan(300);
  expect(seen[400]).toBeGreaterThan(300);
  expect(seen[401]).toBeGreaterThan(10);
});
