import { defineErrors, isSluiceError } from './errors';

const errors = defineErrors('plugin', {
  notLoaded: { kind: 'unavailable', blame: 'platform', message: 'The plugin is not running.' },
});

describe('defineErrors', () => {
  it('gives each error its code, kind and blame, and keeps details out of the message', () => {
    const error = new errors.notLoaded({ pluginId: 7 });
    expect(error).toMatchObject({ code: 'plugin.notLoaded', kind: 'unavailable', blame: 'platform', details: { pluginId: 7 } });
    expect(error.message).toBe('The plugin is not running.');
  });

  it('prefers the sentence about this one occurrence', () => {
    const cause = new Error('EPIPE');
    const error = new errors.notLoaded({}, { detail: 'Plugin 7 is starting.', cause });
    expect(error.message).toBe('Plugin 7 is starting.');
    expect(error.cause).toBe(cause);
  });

  it('is recognised without instanceof', () => {
    expect(isSluiceError(new errors.notLoaded())).toBe(true);
    expect(isSluiceError(new Error('plugin.notLoaded'))).toBe(false);
  });

  it('lists every definition by code', () => {
    expect([...errors.definitions.keys()]).toEqual(['plugin.notLoaded']);
  });
});
