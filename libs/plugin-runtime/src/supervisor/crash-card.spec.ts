import { definition } from '../testing/test-host';
import { crashCard, type Crash } from './crash-card';

const crash: Crash = {
  definition: definition({ id: 7, deployment: { kind: 'file', path: '/plugin', digest: 'sha256:ab' } }),
  generation: 3,
  at: 1_000,
  reason: 'The plugin ended with exit code 2.',
  exit: { code: 2, signal: null },
  lastRequestId: 'request-9',
  outcome: 'restarting',
  restartInMs: 500,
};

describe('crashCard', () => {
  it('says everything about one crash', () => {
    expect(crashCard(crash, ['one', 'two'])).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      pluginId: 7,
      generation: 3,
      digest: 'sha256:ab',
      at: 1_000,
      reason: 'The plugin ended with exit code 2.',
      exitCode: 2,
      exitSignal: null,
      lastRequestId: 'request-9',
      lastLogLines: ['one', 'two'],
      outcome: 'restarting',
      restartInMs: 500,
    });
  });

  it('is never the same as another', () => {
    expect(crashCard(crash, []).id).not.toBe(crashCard(crash, []).id);
  });

  it('keeps the newest lines when they are more than 64 KiB', () => {
    const lines = Array.from({ length: 200 }, (_, index) => `${index}`.padEnd(1_024, 'x'));
    const { lastLogLines } = crashCard(crash, lines);
    expect(lastLogLines).toEqual(lines.slice(-64));
  });

  it('knows no digest and no exit where there is none', () => {
    const remote = definition({ deployment: { kind: 'grpc', address: 'somewhere:1', tls: { mode: 'plaintext' } } });
    expect(crashCard({ ...crash, definition: remote, exit: null }, [])).toMatchObject({ digest: null, exitCode: null, exitSignal: null });
  });
});
