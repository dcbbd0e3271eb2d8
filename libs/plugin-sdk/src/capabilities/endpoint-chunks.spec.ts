import { EndpointResponseChunk_ChunkType as Type } from '@sluice/contracts/plugin';
import { endpointChunks } from './endpoint-chunks';
import { EndpointError } from './endpoint-error';
import type { EndpointChunk } from './endpoint-types';

async function chunksOf(handler: () => AsyncGenerator<EndpointChunk>) {
  const chunks: unknown[] = [];
  for await (const { type, statusCode, data } of endpointChunks(handler())) chunks.push([Type[type], statusCode || data.toString()]);
  return chunks;
}

async function* failing(): AsyncGenerator<EndpointChunk> {
  yield* [];
  throw new EndpointError(404, 'Not here.');
}

describe('endpointChunks', () => {
  it('sends headers, bodies of text or bytes, and the end', async () => {
    const chunks = await chunksOf(async function* () {
      yield { status: 202, headers: { A: 'b' } };
      yield 'text';
      yield new Uint8Array([65]);
    });
    expect(chunks).toEqual([['HEADERS', 202], ['BODY', 'text'], ['BODY', 'A'], ['DONE', '']]);
  });

  it('begins with a plain 200 when nothing was said', async () => {
    expect(await chunksOf(async function* () {})).toEqual([['HEADERS', 200], ['DONE', '']]);
    expect(await chunksOf(async function* () { yield 'x'; })).toEqual([['HEADERS', 200], ['BODY', 'x'], ['DONE', '']]);
  });

  it('makes an answer of an EndpointError that comes before the headers, and an error of one that comes later', async () => {
    const early = await chunksOf(failing);
    expect(early).toEqual([['HEADERS', 404], ['BODY', '{"error":"Not here."}'], ['DONE', '']]);
    await expect(chunksOf(async function* () { yield 'x'; throw new EndpointError(404, 'Too late.'); })).rejects.toThrow('Too late.');
  });

  it('refuses headers after the answer has begun', async () => {
    await expect(chunksOf(async function* () { yield 'x'; yield { status: 500 }; })).rejects.toThrow('after the answer had begun');
  });
});
