import { memoryLogger } from '../testing/memory-logger';
import { RefusalLog } from './refusal-log';

it('says once a minute for each reason that events are refused, and how many it did not speak of', () => {
  const logger = memoryLogger();
  let now = 0;
  const log = new RefusalLog(logger, () => now);
  for (let count = 0; count < 5; count += 1) log.refused('signature', 'c');
  log.refused('stale', 'c');
  now = 60_000;
  log.refused('signature', 'c');
  expect(logger.lines.map(({ fields }) => fields)).toEqual([
    { event: 'events.refused', reason: 'signature', channel: 'c', before: 0 },
    { event: 'events.refused', reason: 'stale', channel: 'c', before: 0 },
    { event: 'events.refused', reason: 'signature', channel: 'c', before: 4 },
  ]);
});
