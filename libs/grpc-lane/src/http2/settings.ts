import { ConnectionError, ErrorCode } from './error-code';
import { DEFAULT_FRAME_BYTES, DEFAULT_WINDOW_BYTES, LARGEST_FRAME_BYTES, MAX_31_BITS } from './frame';

/** RFC 9113, section 6.5.2. */
export const SettingId = {
  HEADER_TABLE_SIZE: 0x1,
  ENABLE_PUSH: 0x2,
  MAX_CONCURRENT_STREAMS: 0x3,
  INITIAL_WINDOW_SIZE: 0x4,
  MAX_FRAME_SIZE: 0x5,
  MAX_HEADER_LIST_SIZE: 0x6,
} as const;

const SETTING_BYTES = 6;

/** What a peer's SETTINGS say that this side has to keep to; the values hold before it has said anything. */
export class PeerSettings {
  maxConcurrentStreams = Infinity;
  initialWindowBytes = DEFAULT_WINDOW_BYTES;
  maxFrameBytes = DEFAULT_FRAME_BYTES;

  /**
   * Takes the payload of a SETTINGS frame in its order.
   * @throws ConnectionError for a value that may not be, or a payload that is not a list of settings.
   */
  apply(payload: Buffer): void {
    if (payload.length % SETTING_BYTES !== 0) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `SETTINGS have ${payload.length} bytes, and each setting has ${SETTING_BYTES}.`);
    for (let offset = 0; offset < payload.length; offset += SETTING_BYTES) this.set(payload.readUInt16BE(offset), payload.readUInt32BE(offset + 2));
  }

  private set(id: number, value: number): void {
    switch (id) {
      case SettingId.MAX_CONCURRENT_STREAMS:
        this.maxConcurrentStreams = value;
        return;
      case SettingId.INITIAL_WINDOW_SIZE:
        if (value > MAX_31_BITS) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, `A window of ${value} bytes is too large.`);
        this.initialWindowBytes = value;
        return;
      case SettingId.MAX_FRAME_SIZE:
        if (value < DEFAULT_FRAME_BYTES || value > LARGEST_FRAME_BYTES) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `Frames of ${value} bytes are not allowed.`);
        this.maxFrameBytes = value;
        return;
      case SettingId.ENABLE_PUSH:
        if (value > 1) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `ENABLE_PUSH is ${value}.`);
        return;
      default:
        // This side's encoder has no table, sends few headers, and passes over what it does not know (section 6.5.2).
        return;
    }
  }
}

/** The payload of a SETTINGS frame. */
export function encodeSettings(settings: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.allocUnsafe(settings.length * SETTING_BYTES);
  for (const [index, [id, value]] of settings.entries()) {
    payload.writeUInt16BE(id, index * SETTING_BYTES);
    payload.writeUInt32BE(value, index * SETTING_BYTES + 2);
  }
  return payload;
}
