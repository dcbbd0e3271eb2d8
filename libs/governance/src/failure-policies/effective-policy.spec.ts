import { effectivePolicy, type PolicySources } from './effective-policy';

const policyOf = (hook: string, { declared = {}, operator = {} }: Partial<PolicySources> = {}) => {
  const { policy, decidedBy } = effectivePolicy(hook, { declared, operator });
  return `${policy} by ${decidedBy}`;
};

describe('effectivePolicy', () => {
  it.each(['pre_auth', 'auth', 'post_auth', 'on_response', 'object_hooks', 'app.before_create', 'llm.before_delete'])('refuses by default when %s fails', (hook) => {
    expect(policyOf(hook)).toBe('fail_closed by default');
  });

  it.each(['data_collection', 'app.after_create'])('goes on by default when %s fails', (hook) => expect(policyOf(hook)).toBe('fail_open by default'));

  it('takes what the manifest declares, the single hook before its capability', () => {
    expect(policyOf('pre_auth', { declared: { pre_auth: 'fail_open' } })).toBe('fail_open by manifest');
    expect(policyOf('app.before_create', { declared: { object_hooks: 'fail_open' } })).toBe('fail_open by manifest');
    expect(policyOf('app.before_create', { declared: { object_hooks: 'fail_open', 'app.before_create': 'fail_closed' } })).toBe('fail_closed by manifest');
    expect(policyOf('app.before_update', { declared: { 'app.before_create': 'fail_open' } })).toBe('fail_closed by default');
  });

  it('lets the operator have the last word, even with a whole capability', () => {
    expect(policyOf('app.before_create', { declared: { 'app.before_create': 'fail_open' }, operator: { object_hooks: 'fail_closed' } })).toBe('fail_closed by operator');
    expect(policyOf('auth', { declared: { auth: 'fail_closed' }, operator: { auth: 'fail_open' } })).toBe('fail_open by operator');
  });

  it('never refuses after a write, whoever wants it', () => {
    expect(policyOf('app.after_update', { declared: { object_hooks: 'fail_closed' }, operator: { object_hooks: 'fail_closed' } })).toBe('fail_open by default');
  });

  it('is not taken in by names that every object has', () => expect(policyOf('constructor')).toBe('fail_open by default'));
});
