import { readResponseStart, readTrailers } from './response-headers';
import { Status } from './status';

const fields = (values: Record<string, string>) => Object.entries(values).map(([name, value]) => ({ name, value }));

it.each(['application/grpc', 'application/grpc+proto', 'application/grpc;charset=utf-8'])('takes an answer of type %s', (type) => {
  expect(readResponseStart(fields({ ':status': '200', 'content-type': type }))).toEqual({ kind: 'response' });
});

it('waits behind 1xx', () => {
  expect(readResponseStart(fields({ ':status': '103' }))).toEqual({ kind: 'informational' });
});

it.each([
  ['400', Status.INTERNAL],
  ['401', Status.UNAUTHENTICATED],
  ['403', Status.PERMISSION_DENIED],
  ['404', Status.UNIMPLEMENTED],
  ['429', Status.UNAVAILABLE],
  ['503', Status.UNAVAILABLE],
  ['500', Status.UNKNOWN],
  ['204', Status.UNKNOWN],
])('reads HTTP status %s as %i', (status, code) => {
  expect(readResponseStart(fields({ ':status': status, 'content-type': 'application/grpc' }))).toMatchObject({ kind: 'failed', error: { status: code } });
  expect(readTrailers(fields({ ':status': status }), true)).toMatchObject({ status: code });
});

it('refuses an answer of another type', () => {
  expect(readResponseStart(fields({ ':status': '200', 'content-type': 'application/grpc-web' }))).toMatchObject({ kind: 'failed', error: { status: Status.UNKNOWN } });
});

it.each([
  ['0', undefined],
  ['5', { status: 5, message: 'not here' }],
  ['99', { status: 99 }],
  ['', { status: Status.UNKNOWN }],
  ['-1', { status: Status.UNKNOWN }],
  ['five', { status: Status.UNKNOWN }],
])('reads grpc-status %j', (text, error) => {
  const read = readTrailers(fields({ 'grpc-status': text, 'grpc-message': 'not%20here' }), false);
  if (error) expect(read).toMatchObject(error);
  else expect(read).toBeUndefined();
});

it('believes grpc-status more than HTTP, and nobody who says neither', () => {
  expect(readTrailers(fields({ ':status': '503', 'grpc-status': '5' }), true)).toMatchObject({ status: 5 });
  expect(readTrailers([], false)).toMatchObject({ status: Status.UNKNOWN });
});
