import { checkFailurePolicies } from './failure-policies';

describe('checkFailurePolicies', () => {
  it('takes capabilities that can be in the way, and single object hooks', () => {
    expect(checkFailurePolicies({})).toEqual([]);
    expect(checkFailurePolicies({ pre_auth: 'fail_open', object_hooks: 'fail_closed', 'app.before_create': 'fail_open', 'app.after_create': 'fail_open' })).toEqual([]);
  });

  it('points at names that are no such hook, and at what is no policy', () => {
    expect(checkFailurePolicies({ custom_endpoint: 'fail_open', 'app.create': 'fail_open', 'a/b': 'fail_open', auth: 'open' }).map(({ pointer }) => pointer)).toEqual(['/custom_endpoint', '/app.create', '/a~1b', '/auth']);
  });

  it('does not let what comes after a write refuse it', () => {
    expect(checkFailurePolicies({ 'app.after_delete': 'fail_closed' })).toEqual([{ pointer: '/app.after_delete', message: expect.stringContaining('cannot refuse') }]);
  });
});
