import { CheckpointFile } from './checkpoint-file';
import { DeltaJournal } from './delta-journal';
import type { Format1Store, StoredVerdict } from './format-1-store';
import type { Generations } from './generations';
import { setAside } from './durable-files';

/** Who reads what is stored. Nothing of it is proved. A delta that is older than what is in force is `used`. */
export interface StoredReader {
  checkpoint(indexBlob: Buffer, chunk: (prefix: number) => Promise<Buffer>, file: string): Promise<StoredVerdict>;
  delta(delta: Buffer, file: string): StoredVerdict;
  /** A whole snapshot in format 1. */
  body(body: Uint8Array, file: string): StoredVerdict;
}

/** Where writing goes on after a start; undefined: with a new generation. */
export interface LoadedJournal {
  generation: number;
  bytes: number;
  count: number;
}

/**
 * Offers what is stored: the newest good checkpoint, and then the deltas after it as far as they prove; without any, what an older
 * version left. What is damaged is set aside.
 */
export async function loadStored(generations: Generations, format1: Pick<Format1Store, 'load'>, reader: StoredReader, nowMs: () => number): Promise<LoadedJournal | undefined> {
  const { checkpoints, journals } = await generations.list();
  for (const generation of checkpoints.reverse()) {
    const path = generations.checkpoint(generation);
    const verdict = await readCheckpoint(path, reader);
    if (verdict === 'damaged') await setAside(path, nowMs());
    if (verdict === 'used') return readJournals(generations, journals, reader, nowMs);
  }
  await format1.load((body, file) => reader.body(body, file));
  return undefined;
}

async function readCheckpoint(path: string, reader: StoredReader): Promise<StoredVerdict> {
  const file = await CheckpointFile.open(path);
  if (!file) return 'damaged';
  try {
    return await reader.checkpoint(file.indexBlob, (prefix) => file.chunk(prefix), path);
  } finally {
    await file.close();
  }
}

// All of them: what came while a checkpoint waited for its turn is in the journal of the one before. What is older than the checkpoint
// changes nothing.
async function readJournals(generations: Generations, journals: readonly number[], reader: StoredReader, nowMs: () => number): Promise<LoadedJournal | undefined> {
  let last: LoadedJournal | undefined;
  for (const generation of journals) {
    const path = generations.journal(generation);
    const { deltas, bytes } = await DeltaJournal.read(path);
    const verdict = readDeltas(deltas, reader, path);
    if (verdict === 'damaged') await setAside(path, nowMs());
    last = verdict === 'used' ? { generation, bytes, count: deltas.length } : undefined;
  }
  return last;
}

/** As far as they prove. */
function readDeltas(deltas: readonly Buffer[], reader: StoredReader, path: string): StoredVerdict {
  for (const delta of deltas) {
    const verdict = reader.delta(delta, path);
    if (verdict !== 'used') return verdict;
  }
  return 'used';
}
