import type { RecordKind } from '@sluice/config-snapshot';

/** Which record: what a write says it touched. */
export interface RecordName {
  kind: RecordKind;
  id: number | string;
}
