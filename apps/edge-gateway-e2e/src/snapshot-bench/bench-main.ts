import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BenchReport } from './bench-report';
import { BenchStudio } from './bench-studio';
import { measureDiskStart } from './disk-start';
import { measureFanOut } from './fan-out';
import { measureFullSync } from './full-sync';
import { measureOneChange } from './one-change';
import { measurePropagation } from './propagation';

/** `npm run bench:snapshot` runs this beside a PostgreSQL and a Redis. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      small: { type: 'string', default: '1000' },
      large: { type: 'string', default: '100000' },
      changes: { type: 'string', default: '1000' },
      gateways: { type: 'string', default: '1000' },
      only: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
    },
  });
  const [small, large, changes, gateways] = [values.small, values.large, values.changes, values.gateways].map(Number) as [number, number, number, number];
  const folder = mkdtempSync(join(tmpdir(), 'sl-bench-'));
  const report = new BenchReport();
  const wanted = (part: string): boolean => part.includes(values.only);
  const withStudio = async (apps: number, measure: (studio: BenchStudio) => Promise<void>): Promise<void> => {
    process.stderr.write(`preparing a studio with ${apps} apps\n`);
    const studio = await BenchStudio.start(join(folder, `studio-${apps}`), apps);
    try {
      await measure(studio);
    } finally {
      await studio.close();
    }
  };
  const say = (part: string): void => void process.stderr.write(`measuring: ${part}\n`);
  try {
    if (wanted('change') || wanted('propagation')) {
      await withStudio(small, async (studio) => {
        if (wanted('change')) {
          say('the change of one app among few');
          report.oneChange.push(await measureOneChange(studio, join(folder, 'a'), small, Math.min(changes, 300)));
        }
        if (!wanted('propagation')) return;
        say('the way from commit to enforced');
        report.propagation = await measurePropagation(studio, join(folder, 'b'), small, changes);
      });
    }
    if (wanted('change')) {
      await withStudio(large, async (studio) => {
        say('the change of one app among many');
        report.oneChange.push(await measureOneChange(studio, join(folder, 'c'), large, Math.min(changes, 300)));
      });
    }
    if (wanted('sync')) {
      await withStudio(small, async (studio) => {
        say('a full sync under load');
        report.fullSync = await measureFullSync(studio, join(folder, 'd'), small, large);
      });
    }
    if (wanted('disk')) {
      await withStudio(large / 10, async (studio) => {
        say('a start from the disk');
        report.diskStart = { apps: large / 10, tookMs: await measureDiskStart(studio, join(folder, 'e')) };
      });
    }
    if (wanted('fan-out')) {
      await withStudio(10, async (studio) => {
        say('the change of one app for many gateways');
        report.fanOut = await measureFanOut(studio, 10, gateways, 50);
      });
    }
    console.log(values.json ? JSON.stringify(report, null, 2) : report.describe());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
