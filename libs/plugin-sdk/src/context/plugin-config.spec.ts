import { PluginConfig, pluginIdOf, serviceBrokerIdOf } from './plugin-config';

const wire = { slug: 's', count: '3', flag: 'true', nested: '{"a":[1]}', _plugin_id: '7', plugin_id: '7', _service_broker_id: '1', service_broker_id: '1', has_service_api: 'true' };

describe('PluginConfig', () => {
  const config = new PluginConfig(wire);

  it('shows the author what the author configured', () => {
    expect(config.raw).toEqual({ slug: 's', count: '3', flag: 'true', nested: '{"a":[1]}' });
  });

  it('reads typed values', () => {
    expect([config.string('slug'), config.number('count'), config.boolean('flag'), config.json('nested')]).toEqual(['s', 3, true, { a: [1] }]);
  });

  it('falls back where the author says so, and otherwise says which value is missing', () => {
    expect(config.number('missing', 5)).toBe(5);
    expect(() => config.string('missing')).toThrow('The config value "missing" is required.');
  });

  it.each([
    ['number', () => config.number('slug')],
    ['true or false', () => config.boolean('slug')],
    ['JSON', () => config.json('slug')],
  ])('refuses what is no %s', (what, read) => {
    expect(read).toThrow(new RegExp(`The config value "slug" must be .*${what}`));
  });
});

describe('what the host adds', () => {
  it('is read in either spelling, and 0 when it is missing or no number', () => {
    expect([pluginIdOf(wire), serviceBrokerIdOf(wire)]).toEqual([7, 1]);
    expect([pluginIdOf({ plugin_id: '8' }), serviceBrokerIdOf({ service_broker_id: '2' })]).toEqual([8, 2]);
    expect([pluginIdOf({}), serviceBrokerIdOf({ _service_broker_id: 'one' })]).toEqual([0, 0]);
  });
});
