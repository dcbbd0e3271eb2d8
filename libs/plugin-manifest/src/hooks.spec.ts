import { HOOK_RUNTIMES, HOOKS, readHook } from './hooks';

describe('hooks', () => {
  it('are thirteen, and each is served somewhere', () => {
    expect(new Set(HOOKS).size).toBe(13);
    expect(Object.keys(HOOK_RUNTIMES).sort()).toEqual([...HOOKS].sort());
    for (const hook of HOOKS) expect(HOOK_RUNTIMES[hook].length).toBeGreaterThan(0);
  });

  it('are served where the capability table says', () => {
    const notServedBy = (runtime: 'studio' | 'gateway') => HOOKS.filter((hook) => !HOOK_RUNTIMES[hook].includes(runtime));
    expect(notServedBy('studio')).toEqual(['custom_endpoint', 'manifest_provider']);
    expect(notServedBy('gateway')).toEqual(['object_hooks', 'agent', 'studio_ui', 'portal_ui', 'resource_provider']);
  });

  it('are read by their older name too, and by no other', () => {
    expect(readHook('response')).toBe('on_response');
    expect(readHook('constructor')).toBeUndefined();
  });
});
