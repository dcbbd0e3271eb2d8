import { appDeletion, appWrite } from './app-hooks';

const APP = { id: 7, name: 'Shop', description: '', owner_id: 1, is_active: true, monthly_budget: null, rate_limit: 0, metadata: { team: 'a' }, namespace: 'eu' };
const { accept } = appWrite('update', APP);

describe('what a plugin makes of an app', () => {
  it('is taken as a client could have sent it; what is missing stays', () => {
    expect(accept({ ...APP, metadata: { team: 'b' } })).toEqual({ ok: true, object: { ...APP, metadata: { team: 'b' } } });
    expect(accept({ name: ' Other ' })).toEqual({ ok: true, object: { ...APP, name: 'Other' } });
  });

  it.each([
    [{ ...APP, id: 8 }, '/id: the id cannot be changed'],
    [{ ...APP, rate_limit: -1 }, '/rate_limit: Must not be negative.'],
    [{ ...APP, colour: 'red' }, '/colour: There is no such member.'],
    [{ ...APP, description: 'a\u0000' }, '/description: Has a character that cannot be stored.'],
  ])('is refused when a client could not: %j', (changed, reason) => expect(accept(changed)).toEqual({ ok: false, reason }));

  it('has no id before the app has one', () => {
    expect(appWrite('create', { name: 'New' }).accept({ id: 3, name: 'New' })).toMatchObject({ ok: false });
  });

  it('cannot be anything of an app that is deleted', () => expect(appDeletion(APP).accept(APP)).toMatchObject({ ok: false }));
});
