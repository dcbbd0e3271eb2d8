import { SharedWork } from './shared-work';

describe('SharedWork', () => {
  it('does once what many ask for at once, and anew for who comes later', async () => {
    const work = new SharedWork<number>();
    let runs = 0;
    const run = () => work.run('a', undefined, async () => ++runs);
    expect(await Promise.all([run(), run(), run()])).toEqual([1, 1, 1]);
    expect(await run()).toBe(2);
  });

  it('goes on while anybody waits, and stops when nobody does', async () => {
    const work = new SharedWork<string>();
    let shared: AbortSignal | undefined;
    let finish: (value: string) => void = () => undefined;
    const task = (signal: AbortSignal) => new Promise<string>((resolve) => ((shared = signal), (finish = resolve)));
    const [first, second] = [new AbortController(), new AbortController()];
    const one = work.run('a', first.signal, task);
    const two = work.run('a', second.signal, task);
    first.abort(new Error('first left'));
    await expect(one).rejects.toThrow('first left');
    expect(shared!.aborted).toBe(false);
    finish('done');
    expect(await two).toBe('done');

    const three = work.run('b', second.signal, task);
    second.abort(new Error('second left'));
    await expect(three).rejects.toThrow('second left');
    expect(shared!.aborted).toBe(true);
  });
});
