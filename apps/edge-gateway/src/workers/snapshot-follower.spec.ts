import type { SnapshotConsumer, SnapshotOutcome } from '@sluice/edge-link';
import { PIECE_BYTES, type Change, type Piece } from './messages';
import { SnapshotFollower } from './snapshot-follower';

class Consumer implements SnapshotConsumer {
  readonly took: string[] = [];
  outcome: SnapshotOutcome = 'applied';
  revocationOutcome: 'applied' | 'unchanged' | 'refused' = 'applied';
  hold: Promise<void> = Promise.resolve();

  applied(): undefined {
    return undefined;
  }

  async delta(bytes: Buffer): Promise<SnapshotOutcome> {
    await this.hold;
    this.took.push(`delta ${bytes.length}`);
    return this.outcome;
  }

  async checkpoint(index: Buffer, _source: unknown, chunk: (prefix: number, value: string) => Promise<Buffer | undefined>): Promise<SnapshotOutcome> {
    this.took.push(`whole ${index.toString()} ${(await chunk(3, ''))!.toString()}`);
    return this.outcome;
  }

  body(bytes: Buffer): SnapshotOutcome {
    this.took.push(`body ${bytes.toString()}`);
    return this.outcome;
  }

  revocation(bytes: Buffer): 'applied' | 'unchanged' | 'refused' {
    this.took.push(`revocation ${bytes.toString()}`);
    return this.revocationOutcome;
  }
}

const inline = (number: number, kind: Change['kind'], text: string): Change => ({ number, kind, source: 0, head: Buffer.from(text) });
const nothing = () => Promise.reject(new Error('Nothing is to be fetched.'));

describe('a worker that follows its primary', () => {
  it('takes one step after the other', async () => {
    const consumer = new Consumer();
    const follower = new SnapshotFollower(consumer, nothing);
    await Promise.all([follower.apply(inline(1, 'body', 'one')), follower.apply(inline(2, 'delta', 'four')), follower.apply(inline(3, 'body', 'three'))]);
    expect(consumer.took).toEqual(['body one', 'delta 4', 'body three']);
  });

  it('fetches what is large in pieces, and of a checkpoint what it asks for', async () => {
    const large = Buffer.alloc(2 * PIECE_BYTES + 5);
    const asked: number[][] = [];
    const read = (source: number, part: number, offset: number): Promise<Piece> => {
      asked.push([source, part, offset]);
      const bytes = source === 7 ? large : Buffer.from('chunk');
      return Promise.resolve({ bytes: bytes.subarray(offset, offset + PIECE_BYTES), length: bytes.length });
    };
    const consumer = new Consumer();
    const follower = new SnapshotFollower(consumer, read);
    await follower.apply({ number: 1, kind: 'delta', source: 7, head: new Uint8Array() });
    await follower.apply({ number: 2, kind: 'whole', source: 8, head: Buffer.from('index') });
    expect(consumer.took).toEqual([`delta ${large.length}`, 'whole index chunk']);
    expect(asked).toEqual([[7, 0, 0], [7, 0, PIECE_BYTES], [7, 0, 2 * PIECE_BYTES], [8, 3, 0]]);
  });

  it('refuses a token at once, and again after each step that was under way', async () => {
    const consumer = new Consumer();
    let go = () => undefined as void;
    consumer.hold = new Promise((resolve) => (go = resolve));
    const follower = new SnapshotFollower(consumer, nothing);
    const applied = follower.apply(inline(1, 'delta', 'x'));
    await follower.revoke(Buffer.from('r'));
    expect(consumer.took).toEqual(['revocation r']);
    go();
    await applied;
    expect(consumer.took).toEqual(['revocation r', 'delta 1', 'revocation r']);
    await follower.apply(inline(2, 'body', 'y'));
    expect(consumer.took).toHaveLength(4);
  });

  it('has taken a token back only when it is refused, which may be after a step that is under way', async () => {
    const consumer = new Consumer();
    consumer.revocationOutcome = 'unchanged';
    let go = () => undefined as void;
    consumer.hold = new Promise((resolve) => (go = resolve));
    const follower = new SnapshotFollower(consumer, nothing);
    const applied = follower.apply(inline(1, 'delta', 'x'));
    let confirmed = false;
    const revoked = follower.revoke(Buffer.from('r')).then(() => (confirmed = true));
    await new Promise(setImmediate);
    expect(confirmed).toBe(false);
    consumer.revocationOutcome = 'applied';
    go();
    await Promise.all([applied, revoked]);
    expect(consumer.took).toEqual(['revocation r', 'delta 1', 'revocation r']);
    consumer.revocationOutcome = 'unchanged';
    await follower.revoke(Buffer.from('r'));
  });

  it('does not say that it has taken a token back when it has not', async () => {
    const consumer = new Consumer();
    consumer.revocationOutcome = 'refused';
    await expect(new SnapshotFollower(consumer, nothing).revoke(Buffer.from('r'))).rejects.toThrow('refused');
  });

  it('says why a checkpoint is incomplete', async () => {
    class Incomplete extends Consumer {
      override async checkpoint(_index: Buffer, _source: unknown, chunk: (prefix: number, value: string) => Promise<Buffer | undefined>): Promise<SnapshotOutcome> {
        return (await chunk(3, '').catch(() => undefined)) ? 'applied' : 'incomplete';
      }
    }
    const reason = new Error('This change has been superseded.');
    await expect(new SnapshotFollower(new Incomplete(), () => Promise.reject(reason)).apply(inline(1, 'whole', 'index'))).rejects.toMatchObject({ cause: reason });
  });

  it.each(['refused', 'gap', 'incomplete'] as const)('does not go on as if nothing had happened when a step is %s', async (outcome) => {
    const consumer = new Consumer();
    consumer.outcome = outcome;
    await expect(new SnapshotFollower(consumer, nothing).apply(inline(1, 'body', 'x'))).rejects.toThrow(outcome);
  });
});
