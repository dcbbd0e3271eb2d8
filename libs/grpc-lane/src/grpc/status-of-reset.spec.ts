import { ErrorCode } from '../http2/error-code';
import { Status } from './status';
import { errorOfReset } from './status-of-reset';

it.each([
  ['NO_ERROR', ErrorCode.NO_ERROR, Status.INTERNAL],
  ['REFUSED_STREAM', ErrorCode.REFUSED_STREAM, Status.UNAVAILABLE],
  ['CANCEL', ErrorCode.CANCEL, Status.CANCELLED],
  ['ENHANCE_YOUR_CALM', ErrorCode.ENHANCE_YOUR_CALM, Status.RESOURCE_EXHAUSTED],
  ['INADEQUATE_SECURITY', ErrorCode.INADEQUATE_SECURITY, Status.PERMISSION_DENIED],
  ['error code 99', 99, Status.UNKNOWN],
])('reads %s', (name, code, status) => {
  expect(errorOfReset(code)).toMatchObject({ status, message: `The peer reset the stream with ${name}.`, sent: code !== ErrorCode.REFUSED_STREAM });
});
