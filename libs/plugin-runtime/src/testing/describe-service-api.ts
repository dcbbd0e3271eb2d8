import type { PluginGeneration } from '../host/plugin-host';
import { ask, type EchoAnswer } from './echo-client';
import { APPS, ECHO, type SuiteContext } from './suite-context';
import type { TestHost } from './test-host';

const OTHER = 8;

export function describeServiceApi(context: SuiteContext): void {
  let hosted: TestHost;
  let echo: PluginGeneration;
  let other: PluginGeneration;

  beforeAll(async () => {
    hosted = context.host();
    // The second instance of the same package has no approval for its key-value store.
    hosted.host.apply([context.echo(), context.echo({ id: OTHER, name: 'other', approvedScopes: ['apps.read'] })]);
    [echo, other] = await Promise.all([hosted.serving(ECHO), hosted.serving(OTHER)]);
  });
  afterAll(() => hosted?.close());

  it('keeps values', async () => {
    const value = Buffer.alloc(3_000_000, 'v');
    expect((await ask(echo, 'GET', '/kv/big')).status).toBe(404);
    expect((await ask(echo, 'PUT', '/kv/big', { body: value })).status).toBeLessThan(300);
    expect((await ask(echo, 'GET', '/kv/big')).body.equals(value)).toBe(true);
    expect((await ask(echo, 'DELETE', '/kv/big')).status).toBeLessThan(300);
    expect((await ask(echo, 'GET', '/kv/big')).status).toBe(404);
  });

  it('is refused what nobody approved, in a sentence that names plugin, scope and remedy', async () => {
    const words = await wordsOf(ask(other, 'PUT', '/kv/a', { body: Buffer.from('b') }));
    expect(words).toContain('other');
    expect(words).toContain('kv.readwrite');
    expect(words).toContain('approve');
  });

  it('lists the apps', async () => {
    expect((await ask(other, 'GET', '/apps')).json).toEqual({ apps: APPS, total: 2 });
  });

  it('hears events of its own and of other plugins, and of each who sent it', async () => {
    // A subscription begins with the first session, so the first events may come too early for it.
    const seen = async (plugin: PluginGeneration, payload: string) => {
      const events = (await ask(plugin, 'GET', '/events/seen')).json as unknown as { topic: string; payload: string; origin: string }[];
      return events.filter((event) => event.payload === payload);
    };
    const deadline = Date.now() + 10_000;
    for (let round = 0; (await seen(other, `ready-${round - 1}`)).length === 0 || (await seen(echo, `ready-${round - 1}`)).length === 0; round += 1) {
      expect(Date.now()).toBeLessThan(deadline);
      await ask(echo, 'POST', '/events/publish/echo.ready', { body: Buffer.from(`ready-${round}`) });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect((await ask(echo, 'POST', '/events/publish/echo.hello', { body: Buffer.from('hello') })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const expected = [{ topic: 'echo.hello', payload: 'hello', origin: `plugin:${ECHO}` }];
    expect(await seen(echo, 'hello')).toEqual(expected);
    expect(await seen(other, 'hello')).toEqual(expected);
  });

  it.each(['other.topic', 'system.app.created'])('may not publish %s', async (topic) => {
    expect(await wordsOf(ask(echo, 'POST', `/events/publish/${topic}`))).toContain(topic);
  });
}

/** What the plugin passes on of an error of its host, whichever way it answers. */
async function wordsOf(answer: Promise<EchoAnswer>): Promise<string> {
  try {
    const { status, body } = await answer;
    expect(status).toBeGreaterThanOrEqual(400);
    return body.toString();
  } catch (error) {
    return (error as Error).message;
  }
}
