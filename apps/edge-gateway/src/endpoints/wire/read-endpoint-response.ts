import { EndpointResponse } from '@sluice/contracts/plugin';

const STATUS_CODE = 0x08;
const HEADERS = 0x12;
const BODY = 0x1a;
const ERROR_MESSAGE = 0x22;
const KEY = 0x0a;
const VALUE = 0x12;

const NO_BODY = Buffer.alloc(0);
/** For the generated decoder to judge. */
const UNUSUAL = -1;
/** Of a varint; more are a negative number or a message of more than 256 MiB. */
const MOST_BITS = 28;
const REPLACEMENT = '\ufffd';

let at = 0;

/**
 * The generated decoder's result for the bytes of an EndpointResponse, at a fraction of its cost where they are as nearly every plugin writes them:
 * known fields, and entries with a key and then a value. Everything else goes to the generated decoder, so that there is one opinion on it. The body is a part of `bytes`.
 *
 * @throws what the generated decoder throws.
 */
export function readEndpointResponse(bytes: Buffer): EndpointResponse {
  return readUsual(bytes) ?? EndpointResponse.decode(bytes);
}

function readUsual(bytes: Buffer): EndpointResponse | undefined {
  const message: EndpointResponse = { statusCode: 0, headers: {}, body: NO_BODY, errorMessage: '' };
  at = 0;
  while (at < bytes.length) {
    const tag = bytes[at++];
    const value = readVarint(bytes);
    if (value === UNUSUAL) return undefined;
    if (tag === STATUS_CODE) {
      message.statusCode = value;
      continue;
    }
    const end = at + value;
    if (end > bytes.length) return undefined;
    if (tag === HEADERS) {
      if (!readHeader(bytes, end, message.headers)) return undefined;
    } else if (tag === BODY) message.body = bytes.subarray(at, end);
    else if (tag === ERROR_MESSAGE) {
      message.errorMessage = bytes.toString('utf8', at, end);
      if (message.errorMessage.includes(REPLACEMENT)) return undefined;
    } else return undefined;
    at = end;
  }
  return message;
}

/** An entry with its key and then its value, each once. */
function readHeader(bytes: Buffer, end: number, headers: Record<string, string>): boolean {
  const key = readText(bytes, KEY, end);
  if (key === undefined) return false;
  const value = at === end ? '' : readText(bytes, VALUE, end);
  if (value === undefined || at !== end) return false;
  headers[key] = value;
  return true;
}

function readText(bytes: Buffer, tag: number, end: number): string | undefined {
  if (at >= end || bytes[at++] !== tag) return undefined;
  const length = readVarint(bytes);
  if (length === UNUSUAL || at + length > end) return undefined;
  const text = bytes.toString('utf8', at, (at += length));
  return text.includes(REPLACEMENT) ? undefined : text;
}

function readVarint(bytes: Buffer): number {
  let value = 0;
  for (let shift = 0; shift < MOST_BITS; shift += 7) {
    const byte = bytes[at++];
    if (byte === undefined) return UNUSUAL;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return UNUSUAL;
}
