import { ErrorCode, errorCodeName } from '../http2/error-code';
import { CallError, Status } from './status';

const STATUS_OF_RESET: ReadonlyMap<number, number> = new Map([
  [ErrorCode.NO_ERROR, Status.INTERNAL],
  [ErrorCode.PROTOCOL_ERROR, Status.INTERNAL],
  [ErrorCode.INTERNAL_ERROR, Status.INTERNAL],
  [ErrorCode.FLOW_CONTROL_ERROR, Status.INTERNAL],
  [ErrorCode.SETTINGS_TIMEOUT, Status.INTERNAL],
  [ErrorCode.FRAME_SIZE_ERROR, Status.INTERNAL],
  [ErrorCode.REFUSED_STREAM, Status.UNAVAILABLE],
  [ErrorCode.CANCEL, Status.CANCELLED],
  [ErrorCode.COMPRESSION_ERROR, Status.INTERNAL],
  [ErrorCode.CONNECT_ERROR, Status.INTERNAL],
  [ErrorCode.ENHANCE_YOUR_CALM, Status.RESOURCE_EXHAUSTED],
  [ErrorCode.INADEQUATE_SECURITY, Status.PERMISSION_DENIED],
]);

/** How a call ended whose stream the peer has reset: "Errors" of gRPC's PROTOCOL-HTTP2 document. A refused stream was not begun. */
export function errorOfReset(code: number): CallError {
  const status = STATUS_OF_RESET.get(code) ?? Status.UNKNOWN;
  return new CallError(status, `The peer reset the stream with ${errorCodeName(code)}.`, code !== ErrorCode.REFUSED_STREAM);
}
