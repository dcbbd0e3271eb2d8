import type { PackedTable } from './packed-table';
import { PackedTableBuilder } from './packed-table-builder';
import { PackedTableDraft } from './packed-table-draft';
import type { TableWriter } from './table-writer';

/** Begins to change a table. */
export function writeTable(base: PackedTable): TableWriter {
  return base.size === 0 ? new PackedTableBuilder() : new PackedTableDraft(base);
}
