import { planObjectHooks, type HookingPlugin } from './plan-object-hooks';

const CREATE = { objectType: 'app', moment: 'before', verb: 'create' } as const;

const registration = (priority = 0, hookTypes = ['before_create'], objectType = 'app') => ({ objectType, hookTypes, priority });

function plugin(id: number, change: Partial<HookingPlugin> = {}): HookingPlugin {
  return { id, name: `Plugin ${id}`, permitted: ['app.before_create'], registered: [registration()], policies: { declared: {}, operator: {} }, ...change };
}

const asked = (...plugins: HookingPlugin[]) => planObjectHooks(CREATE, plugins).map(({ pluginId }) => pluginId);

describe('planObjectHooks', () => {
  it('asks by priority, the lower first, and then the older plugin', () => {
    expect(asked(plugin(3), plugin(1, { registered: [registration(10)] }), plugin(2), plugin(4, { registered: [registration(-1)] }))).toEqual([4, 2, 3, 1]);
  });

  it('asks only who registered for this object and this moment', () => {
    expect(asked(plugin(1, { registered: [] }), plugin(2, { registered: [registration(0, ['after_create'])] }), plugin(3, { registered: [registration(0, ['before_create'], 'llm')] }))).toEqual([]);
  });

  it('asks a plugin once, at its first place', () => {
    expect(planObjectHooks(CREATE, [plugin(1, { registered: [registration(7), registration(3)] })])).toMatchObject([{ pluginId: 1, priority: 3 }]);
  });

  it('does not count what the manifest does not permit', () => {
    expect(asked(plugin(1, { permitted: [] }), plugin(2, { permitted: ['app.before_update'] }))).toEqual([]);
    expect(asked(plugin(3, { permitted: null }))).toEqual([3]);
  });

  it('does not pass over a plugin because it is down', () => {
    expect(planObjectHooks(CREATE, [plugin(1, { registered: null }), plugin(2, { registered: null, permitted: null }), plugin(3, { registered: null, permitted: ['app.before_delete'] })])).toEqual([
      { pluginId: 1, pluginName: 'Plugin 1', priority: 0, policy: 'fail_closed', running: false },
      { pluginId: 2, pluginName: 'Plugin 2', priority: 0, policy: 'fail_closed', running: false },
    ]);
  });

  it('says what happens when each fails', () => {
    expect(planObjectHooks(CREATE, [plugin(1, { policies: { declared: {}, operator: { object_hooks: 'fail_open' } } })])).toMatchObject([{ policy: 'fail_open', running: true }]);
  });
});
