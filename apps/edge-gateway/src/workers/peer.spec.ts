import { portPair } from '../testing/port-pair';
import { Peer } from './peer';

type Text = string;

function pair(answer: (question: Text) => Promise<unknown>): { asking: Peer<Text, Text, Text, Text>; heard: Text[]; answering: Peer<Text, Text, Text, Text> } {
  const [here, there] = portPair();
  const heard: Text[] = [];
  const asking = new Peer<Text, Text, Text, Text>(here, { notice: () => undefined, answer: () => Promise.resolve(null) });
  const answering = new Peer<Text, Text, Text, Text>(there, { notice: (notice) => void heard.push(notice), answer });
  return { asking, heard, answering };
}

describe('two processes that talk', () => {
  it('hear notices in their order, among questions', async () => {
    const { asking, heard } = pair((question) => Promise.resolve(`${question}!`));
    asking.tell('one');
    const answer = asking.ask('who', 1_000);
    asking.tell('two');
    expect(await answer).toBe('who!');
    await new Promise(setImmediate);
    expect(heard).toEqual(['one', 'two']);
  });

  it('match answers to questions, whichever comes first', async () => {
    const { asking } = pair((question) => new Promise((resolve) => setTimeout(() => resolve(question), question === 'slow' ? 30 : 1)));
    expect(await Promise.all([asking.ask('slow', 1_000), asking.ask('fast', 1_000)])).toEqual(['slow', 'fast']);
  });

  it('tell why there is no answer', async () => {
    const { asking } = pair(() => Promise.reject(new Error('not here')));
    await expect(asking.ask('what', 1_000)).rejects.toThrow('not here');
  });

  it('wait no longer than they want to', async () => {
    const { asking } = pair(() => new Promise(() => undefined));
    await expect(asking.ask('what', 20)).rejects.toThrow('did not answer within 20 ms');
  });

  it('do not blame the other one when it was they who stood still', async () => {
    const { asking } = pair((question) => Promise.resolve(`${question}!`));
    const answer = asking.ask('who', 50);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_200);
    expect(await answer).toBe('who!');
  });

  it('do not wait for one that is gone', async () => {
    const { asking } = pair(() => new Promise(() => undefined));
    const answer = asking.ask('what', 60_000);
    asking.close();
    await expect(answer).rejects.toThrow('has ended');
    await expect(asking.ask('more', 60_000)).rejects.toThrow('has ended');
  });
});
