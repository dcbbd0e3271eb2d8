import { memoryLogger } from './testing/memory-logger';
import { OutageLog } from './outage-log';

it('says once that something fails and once that it works again', () => {
  const logger = memoryLogger();
  const outage = new OutageLog(logger, 'redis');
  outage.worked();
  const first = new Error('first');
  for (const error of [first, new Error('second')]) outage.failed(error);
  outage.worked();
  outage.worked();
  outage.failed(new Error('third'));
  expect(logger.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'warn redis fails; trying on',
    'info redis works again',
    'warn redis fails; trying on',
  ]);
  expect(logger.lines[0]!.fields).toMatchObject({ err: first });
});
