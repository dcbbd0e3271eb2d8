import { ErrorCode } from './error-code';
import { encodeSettings, PeerSettings, SettingId } from './settings';

it('takes what the peer says in its order, and passes over what it does not know', () => {
  const peer = new PeerSettings();
  peer.apply(encodeSettings([[SettingId.INITIAL_WINDOW_SIZE, 1], [0x99, 7], [SettingId.MAX_FRAME_SIZE, 20_000], [SettingId.MAX_CONCURRENT_STREAMS, 0], [SettingId.INITIAL_WINDOW_SIZE, 2], [SettingId.ENABLE_PUSH, 1]]));
  expect(peer).toMatchObject({ initialWindowBytes: 2, maxFrameBytes: 20_000, maxConcurrentStreams: 0 });
});

it('begins with the values of the RFC', () => {
  expect(new PeerSettings()).toMatchObject({ initialWindowBytes: 65_535, maxFrameBytes: 16_384, maxConcurrentStreams: Infinity });
});

it.each([
  ['a window of 2^31', encodeSettings([[SettingId.INITIAL_WINDOW_SIZE, 0x8000_0000]]), ErrorCode.FLOW_CONTROL_ERROR],
  ['frames that are too small', encodeSettings([[SettingId.MAX_FRAME_SIZE, 16_383]]), ErrorCode.PROTOCOL_ERROR],
  ['frames that no header can name', encodeSettings([[SettingId.MAX_FRAME_SIZE, 0x100_0000]]), ErrorCode.PROTOCOL_ERROR],
  ['push that is neither on nor off', encodeSettings([[SettingId.ENABLE_PUSH, 2]]), ErrorCode.PROTOCOL_ERROR],
  ['half a setting', Buffer.alloc(9), ErrorCode.FRAME_SIZE_ERROR],
])('refuses %s', (_name, payload, code) => {
  expect(() => new PeerSettings().apply(payload)).toThrow(expect.objectContaining({ code }));
});
