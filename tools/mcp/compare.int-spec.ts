import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Check {
  id: string;
  status: string;
  errorMessage?: string;
}
type Scenarios = Record<string, Check[]>;

// Jest runs CommonJS, and the tools are ES modules.
const program = `
  const { compare } = await import(${JSON.stringify(pathToFileURL(join(__dirname, 'compare.mjs')).href)});
  const [direct, through] = JSON.parse(process.argv[1]).map((scenarios) => new Map(Object.entries(scenarios)));
  console.log(JSON.stringify(compare(direct, through, new Set(['ping']))));
`;

function compare(direct: Scenarios, through: Scenarios): { lines: string[]; faults: string[] } {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program, JSON.stringify([direct, through])], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as { lines: string[]; faults: string[] };
}

const passed = (id: string): Check => ({ id, status: 'SUCCESS' });
const failed = (id: string): Check => ({ id, status: 'FAILURE', errorMessage: `${id} went wrong` });

describe('the comparison of conformance runs', () => {
  it('finds nothing to say about what passes as it does directly', () => {
    const checks = { ping: [passed('pong'), passed('wire')], tasks: [failed('optional')] };
    expect(compare(checks, checks)).toEqual({ lines: ['passed  equal    ping', 'FAILED  equal    tasks (not required)'], faults: [] });
  });

  it.each([
    ['a required scenario that fails, also where it fails directly', [failed('pong')], [failed('pong')], ['ping: pong: pong went wrong']],
    ['a check that comes out otherwise', [passed('pong'), passed('wire')], [passed('pong'), { id: 'wire', status: 'WARNING' }], ['ping: wire WARNING, directly wire SUCCESS']],
    ['a check that is missing', [passed('pong'), passed('wire')], [passed('pong')], ['ping: directly wire SUCCESS']],
    ['a check that comes twice', [passed('pong')], [passed('pong'), passed('pong')], ['ping: 2 checks, directly 1']],
  ])('names %s', (_what, direct, through, faults) => {
    expect(compare({ ping: direct }, { ping: through }).faults).toEqual(faults);
  });

  it('names a required scenario that did not run', () => {
    expect(compare({}, {}).faults).toEqual(['ping: it ran on one of the two ways only', 'ping: it did not run']);
  });
});
