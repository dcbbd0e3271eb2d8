import { open, type FileHandle } from 'node:fs/promises';
import { encodeIndex, INDEX_BYTES, type RecordTree, type SignedHeader } from '@sluice/config-snapshot';
import type { SnapshotTables } from '../tables/snapshot-tables';
import type { TimeSlice } from '../time-slice';
import { RecordOrder } from './record-order';

const PREFIXES = 256;
const LENGTHS_BYTES = PREFIXES * 4;
const MAX_HEADER_BYTES = 16_384;

/** What is written: a revision that nobody changes any more. */
export interface FrozenContent {
  signed: SignedHeader;
  tree: RecordTree;
  tables: SnapshotTables;
}

/** Writes a checkpoint in slices, one chunk in memory at a time. The file is on the disk when this resolves. */
export async function writeCheckpoint(path: string, { signed, tree, tables }: FrozenContent, slice: TimeSlice): Promise<void> {
  const order = await slice.run(RecordOrder.of(tree, tables));
  const file = await open(path, 'w', 0o600);
  try {
    const writer = new CheckpointWriter(file, encodeIndex(signed, tree));
    for (let prefix = 0; prefix < PREFIXES; prefix++) await writer.chunk(prefix, await slice.run(chunkOf(order, prefix)));
    await writer.finish();
  } finally {
    await file.close();
  }
}

/** The file of a checkpoint: the index blob, the lengths of the 256 chunks (four bytes each, the most significant first), the chunks. */
export class CheckpointWriter {
  private readonly lengths = Buffer.alloc(LENGTHS_BYTES);
  private position: number;

  constructor(
    private readonly file: FileHandle,
    private readonly indexBlob: Buffer,
  ) {
    this.position = indexBlob.length + LENGTHS_BYTES;
  }

  /** In the order of their prefixes; those that are empty may be left out. */
  async chunk(prefix: number, chunk: Buffer): Promise<void> {
    this.lengths.writeUInt32BE(chunk.length, prefix * 4);
    await writeAll(this.file, chunk, this.position);
    this.position += chunk.length;
  }

  /** All of it is on the disk when this resolves. */
  async finish(): Promise<void> {
    await writeAll(this.file, Buffer.concat([this.indexBlob, this.lengths]), 0);
    await this.file.sync();
  }
}

/** The bytes of one chunk, a record a step. */
export function* chunkOf(order: RecordOrder, prefix: number): Generator<void, Buffer> {
  let text = '';
  for (const record of order.texts(prefix)) {
    text += `${record}\n`;
    yield;
  }
  return Buffer.from(text, 'utf8');
}

/** More than are read ahead. */
const BUFFERS = 8;
const ROOM = 1.25;

/** A checkpoint on disk, with nothing in it proved. */
export class CheckpointFile {
  private readonly buffers: Buffer[] = new Array<Buffer>(BUFFERS).fill(Buffer.alloc(0));
  private asked = 0;

  private constructor(
    private readonly file: FileHandle,
    readonly indexBlob: Buffer,
    private readonly offsets: readonly number[],
  ) {}

  /** Undefined for a file that cannot be one. */
  static async open(path: string): Promise<CheckpointFile | undefined> {
    const file = await open(path, 'r');
    const checkpoint = await CheckpointFile.read(file).catch(() => undefined);
    if (!checkpoint) await file.close();
    return checkpoint;
  }

  private static async read(file: FileHandle): Promise<CheckpointFile | undefined> {
    const head = await readAt(file, 0, MAX_HEADER_BYTES + 1 + INDEX_BYTES + LENGTHS_BYTES);
    const end = head.subarray(0, MAX_HEADER_BYTES + 1).indexOf('\n');
    const lengths = end + 1 + INDEX_BYTES;
    const chunks = lengths + LENGTHS_BYTES;
    if (end < 0 || head.length < chunks) return undefined;
    const offsets = [chunks];
    for (let prefix = 0; prefix < PREFIXES; prefix++) offsets.push(offsets[prefix]! + head.readUInt32BE(lengths + prefix * 4));
    return (await file.stat()).size === offsets[PREFIXES] ? new CheckpointFile(file, Buffer.from(head.subarray(0, lengths)), offsets) : undefined;
  }

  /** Its bytes are good until seven more have been asked for: memory for each of 256 would stay with the process. */
  chunk(prefix: number): Promise<Buffer> {
    const length = this.offsets[prefix + 1]! - this.offsets[prefix]!;
    const turn = this.asked++ % BUFFERS;
    if (this.buffers[turn]!.length < length) this.buffers[turn] = Buffer.allocUnsafeSlow(Math.ceil(length * ROOM));
    return readAt(this.file, this.offsets[prefix]!, length, this.buffers[turn]);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

async function readAt(file: FileHandle, position: number, length: number, buffer: Buffer = Buffer.allocUnsafeSlow(length)): Promise<Buffer> {
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) written += (await file.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
}
