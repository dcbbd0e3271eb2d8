import { flattenConfig } from './flatten-config';

const HOST_KEYS = { _plugin_id: '7', plugin_id: '7', _service_broker_id: '1', service_broker_id: '1', has_service_api: 'true' };
const flatten = (config: Record<string, unknown>) => flattenConfig(config, { pluginId: 7, serviceBrokerId: 1 });

describe('flattenConfig', () => {
  it('adds what the host tells every plugin', () => {
    expect(flatten({})).toEqual(HOST_KEYS);
  });

  it('keeps the host keys when the configuration has the same', () => {
    expect(flatten({ plugin_id: 99, has_service_api: false })).toEqual(HOST_KEYS);
  });

  it.each([
    ['hello', 'hello'],
    ['', ''],
    [true, 'true'],
    [false, 'false'],
    [0, '0'],
    [-1.5, '-1.5'],
    [1e21, '1000000000000000000000'],
    [1.25e22, '12500000000000000000000'],
    [1e-7, '0.0000001'],
    [-1.5e-9, '-0.0000000015'],
    [1_700_000_000_000, '1700000000000'],
    [{ a: [1, 'x'] }, '{"a":[1,"x"]}'],
    [[], '[]'],
  ])('writes %p as %p', (value, text) => {
    expect(flatten({ key: value }).key).toBe(text);
  });

  it.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY])('leaves %p out', (value) => {
    expect(flatten({ key: value })).not.toHaveProperty('key');
  });
});
