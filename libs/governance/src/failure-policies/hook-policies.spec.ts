import { hookPolicies } from './hook-policies';

const NOBODY = { declared: {}, operator: {} };

describe('hookPolicies', () => {
  it('has a policy for each hook that something passes through, and none for what is asked for itself', () => {
    expect(hookPolicies(['pre_auth', 'custom_endpoint', 'data_collection', 'agent'], [], NOBODY)).toEqual([
      { hook: 'pre_auth', policy: 'fail_closed', decidedBy: 'default' },
      { hook: 'data_collection', policy: 'fail_open', decidedBy: 'default' },
    ]);
  });

  it('names each object hook of the manifest, and the capability where there is no manifest', () => {
    expect(hookPolicies(['object_hooks'], ['app.before_create', 'app.after_create'], { declared: { object_hooks: 'fail_open' }, operator: { 'app.before_create': 'fail_closed' } })).toEqual([
      { hook: 'app.before_create', policy: 'fail_closed', decidedBy: 'operator' },
      { hook: 'app.after_create', policy: 'fail_open', decidedBy: 'default' },
    ]);
    expect(hookPolicies(['object_hooks'], null, NOBODY)).toEqual([{ hook: 'object_hooks', policy: 'fail_closed', decidedBy: 'default' }]);
  });
});
