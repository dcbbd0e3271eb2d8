import { FakeClock } from '@sluice/kernel';
import pino from 'pino';
import { LineSplitter } from './line-splitter';
import { LogRing } from './log-ring';
import { PluginLog } from './plugin-log';

function logged(...lines: string[]): Record<string, unknown>[] {
  const written: string[] = [];
  const log = new PluginLog(pino({ level: 'trace', base: null }, { write: (text: string) => written.push(text) }), new LogRing(), new FakeClock());
  for (const line of lines) log.stderr(line);
  log.close();
  return written.map((text) => JSON.parse(text) as Record<string, unknown>);
}

const LEVELS = { info: 30, error: 50 };

describe('PluginLog', () => {
  it('makes an error of everything from a panic on', () => {
    expect(logged('before', 'panic: no', '2026/01/02 15:04:05 goroutine 1').map(({ level }) => level)).toEqual([LEVELS.info, LEVELS.error, LEVELS.error]);
  });

  it.each([
    '{"level":"constructor","message":"hello"}',
    '{"level":"__proto__","message":"hello"}',
    '{"level":{"toString":1,"valueOf":1},"message":"hello"}',
    '{"level":30,"message":"hello"}',
    `{"level":"info","message":"hello","deep":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
  ])('takes a line for information whose level or fields are nothing sensible', (line) => {
    expect(logged(line)).toEqual([expect.objectContaining({ level: LEVELS.info, msg: 'hello' })]);
  });

  it('leaves out what a plugin writes too much, and says how much that was', () => {
    const lines = logged(...Array<string>(600).fill('x'));
    expect(lines).toHaveLength(151);
    expect(lines.at(-1)).toMatchObject({ event: 'plugin.log_dropped', lines: 450 });
  });

  it('counts long lines by their length', () => {
    const lines = logged(...Array<string>(100).fill('x'.repeat(64 * 1024)));
    expect(lines).toHaveLength(2);
    expect(lines.at(-1)).toMatchObject({ event: 'plugin.log_dropped', lines: 99 });
  });
});

it('tells that output is thrown away, each second', () => {
  const clock = new FakeClock();
  const log = new PluginLog(pino({ level: 'silent' }), new LogRing(), clock);
  const told = jest.fn();
  log.onFlood = told;
  const gate = log.gate({ pause: () => undefined, resume: () => undefined }, new LineSplitter(() => undefined));
  for (let window = 0; window < 100; window += 1) {
    gate.push(Buffer.alloc(65_536, 'x\n'));
    clock.advance(20);
  }
  expect(told).toHaveBeenCalledTimes(2);
});
