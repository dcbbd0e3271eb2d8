import type { EndpointChunk } from './endpoint-types';
import { EndpointWriter } from './endpoint-writer';

const never = () => new AbortController().signal;

describe('EndpointWriter', () => {
  it('hands over what is written, in order, and ends with the handler', async () => {
    const writer = new EndpointWriter(never(), async (stream) => {
      await stream.writeHead({ status: 201 });
      await stream.write('one');
      void stream.write('two');
      await stream.write('three');
    });
    const chunks: EndpointChunk[] = [];
    for await (const chunk of writer) chunks.push(chunk);
    expect(chunks).toEqual([{ status: 201, headers: undefined }, 'one', 'two', 'three']);
  });

  it('lets a write wait until its chunk was taken', async () => {
    const written: string[] = [];
    const writer = new EndpointWriter(never(), async (stream) => {
      for (const text of ['one', 'two']) {
        await stream.write(text);
        written.push(text);
      }
    });
    const chunks = writer[Symbol.asyncIterator]();
    expect(await chunks.next()).toEqual({ value: 'one', done: false });
    expect(written).toEqual([]);
    expect(await chunks.next()).toEqual({ value: 'two', done: false });
    expect(written).toEqual(['one']);
  });

  it('fails as the handler fails', async () => {
    const writer = new EndpointWriter(never(), () => Promise.reject(new Error('broken')));
    await expect(writer[Symbol.asyncIterator]().next()).rejects.toThrow('broken');
  });

  it('refuses the writes that nobody will take once its reader has stopped', async () => {
    const outcome = new Promise((resolve) => {
      const writer = new EndpointWriter(never(), async (stream) => {
        await stream.write('one');
        await stream.write('two').catch(resolve);
      });
      void (async () => {
        for await (const chunk of writer) if (chunk === 'two') break;
      })();
    });
    expect(await outcome).toEqual(new Error('The answer has ended.'));
  });

  it('refuses writes when the client has gone away, so that no handler waits for ever', async () => {
    const client = new AbortController();
    const outcome = new Promise((resolve) => {
      const writer = new EndpointWriter(client.signal, (stream) => stream.write('never read').catch(resolve));
      void writer;
    });
    client.abort();
    expect(await outcome).toEqual(new Error('The client has gone away.'));
  });
});
