import { type EndpointResponse, type EndpointResponseChunk, EndpointResponseChunk_ChunkType as ChunkType } from '@sluice/contracts/plugin';
import { endpointRequest } from './endpoint-request';
import { declares, registrationsOf, type RequestSource, streamRow, unaryRow } from './rpc-row';

const UNARY_MS = 60_000;
const QUESTION_MS = 5_000;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const declared = declares('custom_endpoint');

/** Capability `custom_endpoint`. */
export const endpoints = [
  unaryRow({
    rpc: 'getEndpointRegistrations',
    declared,
    deadlineMs: QUESTION_MS,
    requests: () => [{}],
    judge: ({ registrations }) => (registrations.length === 0 ? 'It registers no endpoint: answer at least one registration, or take custom_endpoint out of the hooks of the manifest.' : undefined),
    absent: { text: 'no registrations', is: ({ registrations }) => registrations.length === 0 },
  }),
  unaryRow({
    rpc: 'handleEndpointRequest',
    declared,
    deadlineMs: UNARY_MS,
    requests: unaryRequests,
    judge: judgeResponse,
    absent: { text: 'status_code=501 with an error_message', is: ({ statusCode, errorMessage }) => statusCode === 501 && errorMessage !== '' },
  }),
  streamRow({ rpc: 'handleEndpointRequestStream', declared, deadlineMs: UNARY_MS, requests: streamRequests, judge: judgeChunks, absent: 'error' }),
];

async function unaryRequests({ plugin, samples, deadlineMs }: RequestSource) {
  const registrations = (await registrationsOf(plugin, deadlineMs)).filter(({ streamResponse }) => !streamResponse);
  if (samples.request !== undefined) return [endpointRequest(registrations[0], samples.request)];
  return registrations.slice(0, 10).map((registration) => endpointRequest(registration, undefined));
}

async function streamRequests({ plugin, samples, deadlineMs }: RequestSource) {
  const registrations = (await registrationsOf(plugin, deadlineMs)).filter(({ streamResponse }) => streamResponse);
  if (samples.stream !== undefined) return [endpointRequest(registrations[0], samples.stream)];
  return registrations.slice(0, 3).map((registration) => endpointRequest(registration, undefined));
}

function judgeResponse({ statusCode, headers }: EndpointResponse): string | undefined {
  return judgeStatus(statusCode) ?? judgeHeaders(headers);
}

function judgeChunks(chunks: EndpointResponseChunk[], ended: boolean): string | undefined {
  const [first] = chunks;
  if (!first) return ended ? 'Its stream ends without a chunk: begin it with HEADERS and end it with DONE.' : 'It sent no chunk in time: send HEADERS at once.';
  if (first.type !== ChunkType.HEADERS && first.type !== ChunkType.ERROR) return `Its stream begins with ${ChunkType[first.type]}: send one HEADERS chunk before everything else.`;
  if (chunks.slice(1).some(({ type }) => type === ChunkType.HEADERS)) return 'It sends HEADERS again: there is one such chunk, the first.';
  const last = chunks.findIndex(({ type }) => type === ChunkType.DONE || type === ChunkType.ERROR);
  if (last >= 0 && last < chunks.length - 1) return `It sends ${ChunkType[chunks[last + 1]!.type]} after ${ChunkType[chunks[last]!.type]}: that chunk is the last one.`;
  return judgeStatus(first.statusCode) ?? judgeHeaders(first.headers);
}

function judgeStatus(status: number): string | undefined {
  if (status === 0 || (status >= 200 && status <= 599)) return undefined;
  return `It answers with status_code ${status}, which is no final HTTP status: use 200…599, or 0 for 200.`;
}

function judgeHeaders(headers: Record<string, string>): string | undefined {
  const name = Object.keys(headers).find((key) => !HEADER_NAME.test(key));
  if (name !== undefined) return `It answers with the header ${JSON.stringify(name)}, which is no HTTP header name: use letters, digits and dashes.`;
  const broken = Object.entries(headers).find(([key, value]) => /[\r\0]/.test(value) || (value.includes('\n') && key.toLowerCase() !== 'set-cookie'));
  return broken ? `Its header ${broken[0]} has a line break or NUL in its value: leave them out. Only Set-Cookie may hold several values, one a line.` : undefined;
}
