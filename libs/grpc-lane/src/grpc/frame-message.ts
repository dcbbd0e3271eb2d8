import { MESSAGE_PREFIX_BYTES } from './message-reader';

/** A message behind its prefix, not compressed ("Length-Prefixed-Message" of gRPC's PROTOCOL-HTTP2 document). */
export function frameMessage(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(MESSAGE_PREFIX_BYTES + message.length);
  writeMessage(framed, 0, message);
  return framed;
}

export function writeMessage(target: Buffer, offset: number, message: Uint8Array): void {
  target[offset] = 0;
  target.writeUInt32BE(message.length, offset + 1);
  target.set(message, offset + MESSAGE_PREFIX_BYTES);
}
