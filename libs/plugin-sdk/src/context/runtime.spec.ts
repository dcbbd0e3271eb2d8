import { detectRuntime } from './runtime';

describe('detectRuntime', () => {
  it.each([
    [{ PLUGIN_RUNTIME: 'gateway' }, 'gateway'],
    [{ PLUGIN_RUNTIME: 'studio', EDGE_ID: 'e' }, 'studio'],
    [{ GATEWAY_MODE: 'edge' }, 'gateway'],
    [{ EDGE_ID: 'e' }, 'gateway'],
    [{ PLUGIN_RUNTIME: 'elsewhere' }, 'studio'],
    [{}, 'studio'],
  ])('%j is %s', (env, runtime) => {
    expect(detectRuntime(env)).toBe(runtime);
  });
});
