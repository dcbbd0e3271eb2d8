/** What events are signed with: the key, or where it is found once there is one. Until then events wait, and none is taken. */
export type EventKey = Uint8Array | (() => Uint8Array | undefined);

export function eventKeyOf(key: EventKey): Uint8Array | undefined {
  return typeof key === 'function' ? key() : key;
}
