import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repository } from '../../stack/repository';
import { faultyDisk } from './faulty-disk';
import type { FaultCommand } from './faulted-process';
import { movedClock } from './moved-clock';

// Before the service is loaded, which takes these modules as they are then.
const clock = movedClock();
const disk = faultyDisk();

const [service, ...first] = process.argv.splice(2);
first.forEach((line) => obey(JSON.parse(line) as Omit<FaultCommand, 'number'>));
const commands = createInterface({ input: process.stdin });
commands.on('line', (line) => {
  const command = JSON.parse(line) as FaultCommand;
  obey(command);
  process.stderr.write(`told ${command.number};`);
});
// The test has gone, however it went.
commands.on('close', () => process.exit(1));
// A service ends by itself, whoever may still want to tell it something.
(process.stdin as { unref?(): void }).unref?.();
require(join(repository, service!));

function obey(command: Omit<FaultCommand, 'number'>): void {
  if (command.clockOffsetMs !== undefined) clock.move(command.clockOffsetMs);
  if (command.disk !== undefined) disk.break(command.disk);
}
