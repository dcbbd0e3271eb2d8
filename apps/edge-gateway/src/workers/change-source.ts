import { PIECE_BYTES, type Piece } from './messages';
import { RecordOrder } from '../snapshot/disk/record-order';
import { chunkOf, type FrozenContent } from '../snapshot/disk/checkpoint-file';
import { TimeSlice } from '../snapshot/time-slice';

/** Where workers fetch what a change consists of. */
export interface ChangeSource {
  read(part: number, offset: number): Promise<Piece>;
}

/** A delta, or a body of format 1. */
export class BytesSource implements ChangeSource {
  constructor(private readonly bytes: Uint8Array) {}

  read(_part: number, offset: number): Promise<Piece> {
    return Promise.resolve(pieceOf(this.bytes, offset));
  }
}

/** Of a few chunks the bytes are kept: several workers ask for the same ones at about the same time, each in pieces. */
const KEPT_CHUNKS = 8;

/** The chunks of a revision, made when somebody asks for them, in slices. */
export class ContentSource implements ChangeSource {
  private order: Promise<RecordOrder> | undefined;
  private readonly chunks = new Map<number, Promise<Buffer>>();

  constructor(private readonly content: FrozenContent) {}

  async read(prefix: number, offset: number): Promise<Piece> {
    let chunk = this.chunks.get(prefix);
    if (!chunk) {
      this.chunks.set(prefix, (chunk = this.make(prefix)));
      if (this.chunks.size > KEPT_CHUNKS) this.chunks.delete(this.chunks.keys().next().value!);
    }
    return pieceOf(await chunk, offset);
  }

  private async make(prefix: number): Promise<Buffer> {
    const slice = new TimeSlice();
    this.order ??= slice.run(RecordOrder.of(this.content.tree, this.content.tables));
    return slice.run(chunkOf(await this.order, prefix));
  }
}

function pieceOf(bytes: Uint8Array, offset: number): Piece {
  return { bytes: bytes.subarray(offset, offset + PIECE_BYTES), length: bytes.length };
}
