import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RefusedCall as RefusedCallMessage } from '@sluice/contracts/edge';
import { FakeClock } from '@sluice/kernel';
import { pino } from 'pino';
import { RefusedCallReports } from '../service-api/refused-call-reports';
import { PluginDatabase } from './plugin-database';
import { ReportShelf } from './report-shelf';

describe('ReportShelf', () => {
  const clock = new FakeClock(1_000);
  const logger = pino({ level: 'silent' });
  let folder: string;
  let database: PluginDatabase;
  let shelf: ReportShelf<RefusedCallMessage>;

  const open = async () => {
    database = await PluginDatabase.open(folder, clock, logger);
    shelf = await ReportShelf.open(database, 'refusedCall', RefusedCallMessage, logger);
  };
  const reopen = async () => {
    await database.close();
    await open();
  };
  const report = (method: string) => RefusedCallMessage.fromPartial({ pluginId: 7, method, reason: 'scope', message: 'no', atMs: 5n });
  const methods = () => shelf.reports.map(({ method }) => method);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sl-shelf-'));
    await open();
  });
  afterEach(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has what was kept and not forgotten after a restart, in its order', async () => {
    for (const method of ['a', 'b', 'c']) shelf.keep(report(method));
    shelf.forget(shelf.reports.slice(1, 2));
    await reopen();
    expect(methods()).toEqual(['a', 'c']);
    shelf.keep(report('d'));
    await reopen();
    expect(methods()).toEqual(['a', 'c', 'd']);
    expect(shelf.reports[0]).toEqual(report('a'));
    shelf.forget(shelf.reports);
    await reopen();
    expect(methods()).toEqual([]);
  });

  it('keeps the refused calls of a gateway that ends before its studio is back, and the newest 500 of them', async () => {
    const told = (n: number) => ({ pluginId: 7, pluginName: 'echo', method: `/${n}`, reason: 'rate' as const, message: 'too many', repeated: 3, at: 5 });
    const before = new RefusedCallReports(clock, shelf);
    for (let n = 0; n < 510; n += 1) before.add(told(n));
    await reopen();
    const reports = new RefusedCallReports(clock, shelf);
    expect(shelf.reports).toHaveLength(500);
    expect(shelf.reports[0]).toMatchObject({ pluginId: 7, method: '/10', repeatedCount: 3 });
    await (await reports.next())!.sent();
    expect(await reports.next()).toBeUndefined();
    await reopen();
    expect(shelf.reports).toEqual([]);
  });

  it('does not open the database again for what comes after its end', async () => {
    await database.close();
    shelf.keep(report('late'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await open();
    expect(methods()).toEqual([]);
  });
});
