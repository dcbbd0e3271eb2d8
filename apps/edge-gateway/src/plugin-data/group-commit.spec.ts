import { GroupCommit } from './group-commit';

/** A disk whose writes end when the test says so. */
function slowDisk() {
  const written: number[][] = [];
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const commits = new GroupCommit<number>((operations) => {
    written.push([...operations]);
    return new Promise((resolve, reject) => ends.push({ resolve, reject }));
  });
  return { written, ends, commits };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('GroupCommit', () => {
  it('writes together what came while the disk was busy, in its order', async () => {
    const { written, ends, commits } = slowDisk();
    const first = commits.commit([1]);
    await turn();
    const others = Promise.all([commits.commit([2, 3]), commits.commit([4])]);
    await turn();
    expect(written).toEqual([[1]]);
    ends[0]!.resolve();
    await first;
    await turn();
    expect(written).toEqual([[1], [2, 3, 4]]);
    ends[1]!.resolve();
    await others;
  });

  it('tells nobody of success before the disk has said so', async () => {
    const { ends, commits } = slowDisk();
    let told = false;
    const commit = commits.commit([1]).then(() => (told = true));
    await turn();
    expect(told).toBe(false);
    ends[0]!.resolve();
    await commit;
    expect(told).toBe(true);
  });

  it('goes on after a write that failed, and only those in it fail', async () => {
    const { written, ends, commits } = slowDisk();
    const first = commits.commit([1]);
    await turn();
    const second = commits.commit([2]);
    ends[0]!.reject(new Error('disk full'));
    await expect(first).rejects.toThrow('disk full');
    await turn();
    ends[1]!.resolve();
    await second;
    expect(written).toEqual([[1], [2]]);
  });
});
