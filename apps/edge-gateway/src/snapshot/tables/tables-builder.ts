import { APP_VALUES, readRecord, RecordScanner, snapshotErrors, TOKEN_VALUES, type GatewayKeyData, type PluginData, type ProvedChunk } from '@sluice/config-snapshot';
import { AppTable } from './app-table';
import { IdCounts } from './id-counts';
import { LineWriter } from './line-writer';
import { writeAppLine, writeLeadLine, writeTokenLine } from './pack-lines';
import { packApp, packToken } from './pack-records';
import { PackedTableBuilder } from './packed-table-builder';
import { bySlug, dangling } from './references';
import { otherKey, SnapshotTables } from './snapshot-tables';
import { leadOf, TokenTable } from './token-table';

/** Fills empty tables out of chunks. Apps and tokens are copied from bytes to bytes where they can be, so that nothing is left to collect. */
export class TablesBuilder {
  private readonly apps = new PackedTableBuilder();
  private readonly tokens = new PackedTableBuilder();
  private readonly leads = new PackedTableBuilder();
  private readonly tokenCounts = new PackedTableBuilder();
  private readonly others = new PackedTableBuilder();
  private readonly plugins = new Map<number, PluginData>();
  private readonly gatewayKeys = new Map<number, GatewayKeyData>();
  private readonly appIds = new IdCounts();
  private readonly tokensOf = new IdCounts();
  private readonly scanner = new RecordScanner();
  private readonly line = new LineWriter();

  /** The n-th record of a chunk. @throws what `readRecord` throws */
  put(chunk: ProvedChunk, position: number): void {
    const { bytes } = chunk;
    const kind = chunk.isUtf8 ? this.scanner.scan(bytes, chunk.start(position), chunk.end(position)) : undefined;
    if (kind === 'app') this.putApp(bytes);
    else if (kind === 'token') this.putToken(bytes);
    else this.putText(chunk.text(position));
  }

  /**
   * Looks for references that lead nowhere, and makes the tables, a little at a time.
   * @throws snapshotErrors.danglingReference and duplicateRecord
   */
  *close(): Generator<void> {
    for (const [app, count] of this.tokensOf.entries()) {
      if (this.appIds.get(app) === 0) throw dangling('A token', app, `/records/app/${app}`);
      this.tokenCounts.set(String(app), String(count));
      yield;
    }
    for (const table of [this.apps, this.tokens, this.leads, this.tokenCounts, this.others]) yield* table.close();
  }

  /**
   * The tables that `close` has made.
   * @param records how many records there have to be
   * @throws snapshotErrors.duplicateSlug, and duplicateRecord for two records of one name.
   */
  finish(records: number): SnapshotTables {
    const plugins = [...this.plugins.values()].sort((a, b) => a.id - b.id);
    const tables = new SnapshotTables({
      apps: new AppTable(this.apps.finish()),
      tokens: new TokenTable(this.tokens.finish(), this.leads.finish()),
      tokenCounts: this.tokenCounts.finish(),
      plugins,
      pluginsBySlug: bySlug(plugins),
      gatewayKeys: this.gatewayKeys,
      others: this.others.finish(),
    });
    if (tables.size !== records) throw new snapshotErrors.duplicateRecord({ path: '/records' });
    return tables;
  }

  private putApp(bytes: Uint8Array): void {
    const { line, scanner } = this;
    writeAppLine(line, bytes, scanner);
    this.apps.add(line);
    this.appIds.add(scanner.numbers[APP_VALUES.id]!);
  }

  private putToken(bytes: Uint8Array): void {
    const { line, scanner } = this;
    writeTokenLine(line, bytes, scanner);
    this.tokens.add(line);
    writeLeadLine(line, bytes, scanner);
    this.leads.add(line);
    this.tokensOf.add(scanner.numbers[TOKEN_VALUES.app_id]!);
  }

  private putText(text: string): void {
    const read = readRecord(text);
    if (!read.known) return this.others.set(otherKey(read.record), text);
    const { kind, id, data } = read.record;
    if (kind === 'app') {
      this.apps.set(id, packApp(data));
      this.appIds.add(data.id);
    } else if (kind === 'token') {
      this.tokens.set(data.hash, packToken(data));
      this.leads.set(id, leadOf(data));
      this.tokensOf.add(data.app_id);
    } else if (kind === 'plugin') this.plugins.set(data.id, data);
    else this.gatewayKeys.set(data.id, data);
  }
}
