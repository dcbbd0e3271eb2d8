import { Calm, Cost } from './calm';
import { ErrorCode } from './error-code';

it.each([
  ['SETTINGS', Cost.SETTINGS, 100],
  ['PING', Cost.PING, 100_000],
  ['RST_STREAM', Cost.RESET, 50_000],
  ['empty DATA', Cost.EMPTY_DATA, 50_000],
])('takes a second\'s %s at once, and no more', (_name, cost, count) => {
  const calm = new Calm();
  for (let sent = 0; sent < count - 1; sent++) calm.spend(cost, 5_000);
  expect(() => {
    calm.spend(cost, 5_000);
    calm.spend(cost, 5_000);
  }).toThrow(expect.objectContaining({ code: ErrorCode.ENHANCE_YOUR_CALM }));
});

it('takes as much again with every second, and saves nothing up', () => {
  const calm = new Calm();
  for (let second = 1; second < 5; second++) for (let sent = 0; sent < 100; sent++) calm.spend(Cost.SETTINGS, second * 1_000);
  for (let sent = 0; sent < 100; sent++) calm.spend(Cost.SETTINGS, 1_000_000);
  expect(() => calm.spend(Cost.SETTINGS, 1_000_000)).toThrow();
});
