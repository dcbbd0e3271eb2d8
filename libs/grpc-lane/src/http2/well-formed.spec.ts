import { faultOfRequest, faultOfResponse, faultOfTrailers } from './well-formed';

const fields = (...lines: string[]) => lines.map((line) => ({ name: line.slice(0, line.indexOf('=')), value: line.slice(line.indexOf('=') + 1) }));
const REQUEST = [':method=POST', ':scheme=http', ':path=/a/b'];

it('takes what is well-formed', () => {
  expect(faultOfRequest(fields(...REQUEST, ':authority=x', 'te=trailers', 'x-a=1', 'x-a=2'))).toBeUndefined();
  expect(faultOfResponse(fields(':status=200', 'content-type=application/grpc'))).toBeUndefined();
  expect(faultOfTrailers(fields('grpc-status=5', 'grpc-message=not here '))).toBeUndefined();
});

it.each([
  ['a missing path', fields(':method=POST', ':scheme=http'), 'The header :path is missing.'],
  ['a second method', fields(...REQUEST, ':method=GET'), 'The header :method is there twice.'],
  ['a status', fields(...REQUEST, ':status=200'), 'The header ":status" may not be here.'],
  ['a pseudo-header behind others', fields('x-a=1', ...REQUEST), 'The header :method stands behind others.'],
  ['a name in upper case', fields(...REQUEST, 'X-A=1'), '"X-A" is no name of a header.'],
  ['an empty name', fields(...REQUEST, '=1'), '"" is no name of a header.'],
  ['a line break', fields(...REQUEST, 'x-a=1\r\nx-b: 2'), 'The header "x-a" holds a line break or NUL.'],
  ['a header of HTTP/1.1', fields(...REQUEST, 'connection=close'), 'The header connection may not be in HTTP/2.'],
  ['te for anything else', fields(...REQUEST, 'te=gzip'), 'The header te may not be in HTTP/2.'],
])('finds %s in a request', (_name, headers, fault) => {
  expect(faultOfRequest(headers)).toBe(fault);
});

it('finds what an answer and its trailers may not hold', () => {
  expect(faultOfResponse(fields('content-type=application/grpc'))).toBe('The header :status is missing.');
  expect(faultOfResponse(fields(':status=200', ':path=/'))).toBe('The header ":path" may not be here.');
  expect(faultOfTrailers(fields(':status=200', 'grpc-status=0'))).toBe('The header ":status" may not be here.');
});
