import type { Logger } from 'pino';
import { allOf, readRowKey, type RowKind, rowKey, sequenceBytes } from './database-keys';
import type { PluginDatabase } from './plugin-database';

/** How a report is written on the disk: a generated message. */
export interface ReportFormat<Report> {
  encode(report: Report): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Report;
}

/** Reports for the studio that outlive the gateway's process. Who makes them waits for no disk: one that cannot be written is lost with the process. */
export class ReportShelf<Report extends object> {
  private readonly keys = new Map<Report, Buffer>();

  private constructor(
    private readonly database: PluginDatabase,
    private readonly kind: RowKind,
    private readonly format: ReportFormat<Report>,
    private readonly logger: Logger,
    private last: bigint,
  ) {}

  static async open<Report extends object>(database: PluginDatabase, kind: RowKind, format: ReportFormat<Report>, logger: Logger): Promise<ReportShelf<Report>> {
    const shelf = new ReportShelf(database, kind, format, logger, 0n);
    for await (const [key, row] of database.rows(allOf(kind))) {
      shelf.keys.set(format.decode(row), key);
      shelf.last = readRowKey(key).rest.readBigUInt64BE();
    }
    return shelf;
  }

  /** What is on the disk or on its way to it, the oldest first. */
  get reports(): Report[] {
    return [...this.keys.keys()];
  }

  /** Returns at once and never throws. */
  readonly keep = (report: Report): void => {
    this.last += 1n;
    // Of no plugin: what lies here is in the order in which it came.
    const key = rowKey(this.kind, 0, sequenceBytes(this.last));
    this.keys.set(report, key);
    this.commit([{ type: 'put', key, value: Buffer.from(this.format.encode(report).finish()) }]);
  };

  /** The same objects that were kept. Those that are not here are passed over. */
  readonly forget = (reports: readonly Report[]): void => {
    const keys = reports.flatMap((report) => this.keys.get(report) ?? []);
    for (const report of reports) this.keys.delete(report);
    if (keys.length > 0) this.commit(keys.map((key) => ({ type: 'del', key })));
  };

  private commit(changes: Parameters<PluginDatabase['commit']>[0]): void {
    this.database.commit(changes).catch((error: unknown) => this.logger.debug({ event: 'plugin_data.report_not_kept', kind: this.kind, err: error }));
  }
}
