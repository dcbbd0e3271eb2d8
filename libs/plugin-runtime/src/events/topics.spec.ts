import { covers, isPattern, isTopic, mayPublish, maySubscribe } from './topics';

const rules = { publish: ['echo.*', 'com.example.done'], subscribe: ['echo.*', 'system.app.created'] };

describe('topics', () => {
  it('compares topics and patterns', () => {
    expect(covers('echo.*', 'echo.a.b')).toBe(true);
    expect(covers('echo.*', 'echo.a*')).toBe(true);
    expect(covers('echo.*', 'echo*')).toBe(false);
    expect(covers('*', 'anything.*')).toBe(true);
    expect(covers('echo.a', 'echo.a')).toBe(true);
    expect(covers('echo.a', 'echo.ab')).toBe(false);
  });

  it.each([
    ['echo.a', true],
    ['com.example.done', true],
    ['com.example.done2', false],
    ['other.a', false],
    ['system.app.created', false],
    ['system.plugin_resource.instance_changed', true],
  ])('lets a plugin publish %s: %s', (topic, allowed) => {
    expect(mayPublish(rules, topic)).toBe(allowed);
  });

  it('keeps the platform topics to the platform even where a manifest asks for everything', () => {
    expect(mayPublish({ publish: ['*'], subscribe: [] }, 'system.llm.created')).toBe(false);
  });

  it.each([
    ['echo.*', true],
    ['echo.deep.*', true],
    ['system.app.created', true],
    ['system.app.deleted', false],
    ['*', false],
  ])('lets a plugin subscribe to %s: %s', (pattern, allowed) => {
    expect(maySubscribe(rules, pattern)).toBe(allowed);
  });

  it.each(['', '.', 'a..b', 'a b', '*', `a${'x'.repeat(300)}`])('does not take %p as a topic', (topic) => {
    expect(isTopic(topic)).toBe(false);
  });

  it('takes a star at the end of a pattern only', () => {
    expect(isPattern('*')).toBe(true);
    expect(isPattern('echo.*')).toBe(true);
    expect(isPattern('echo.*.a')).toBe(false);
    expect(isPattern('*a')).toBe(false);
  });
});
