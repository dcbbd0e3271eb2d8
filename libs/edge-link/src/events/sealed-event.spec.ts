import { createHmac } from 'node:crypto';
import { type EventLetter, openEvent, sealEvent } from './sealed-event';

const key = Buffer.alloc(32, 1);
const letter: EventLetter = {
  event: { id: 'id-1', topic: 'echo.a', origin: 'plugin:7', direction: 1, payload: Buffer.from([0, 255, 10]) },
  namespace: 'eu',
  from: 'gateway-1',
  sentAt: 1_700_000_000_123,
};

describe('a sealed event', () => {
  it('opens to what was sealed', () => {
    expect(openEvent(sealEvent(letter, key), key)).toEqual({ ok: true, letter });
  });

  it('opens with an empty payload', () => {
    const empty = { ...letter, event: { ...letter.event, payload: Buffer.alloc(0) } };
    expect(openEvent(sealEvent(empty, key), key)).toEqual({ ok: true, letter: empty });
  });

  it('does not open when any of its bits was flipped', () => {
    const sealed = sealEvent(letter, key);
    for (let at = 0; at < sealed.length; at += 1) {
      const flipped = Buffer.from(sealed);
      flipped[at]! ^= 1;
      expect(openEvent(flipped, key).ok).toBe(false);
    }
  });

  it('does not open with another key, shortened or lengthened', () => {
    const sealed = sealEvent(letter, key);
    expect(openEvent(sealed, Buffer.alloc(32, 2))).toEqual({ ok: false, reason: 'signature' });
    expect(openEvent(sealed.subarray(0, -1), key)).toEqual({ ok: false, reason: 'signature' });
    expect(openEvent(Buffer.concat([sealed, Buffer.of(0)]), key)).toEqual({ ok: false, reason: 'signature' });
  });

  it.each([[Buffer.alloc(0)], [Buffer.from('{}')], [Buffer.alloc(100)]])('is not %p', (bytes) => {
    expect(openEvent(bytes, key)).toEqual({ ok: false, reason: 'malformed' });
  });

  it.each(['{}', 'no json', 'null', '{"id":1,"topic":"t","origin":"o","direction":1,"namespace":"","from":"f","sentAt":1}'])('with the header %p is of another version', (header) => {
    const rest = Buffer.concat([Buffer.of(0, 0, 0, header.length), Buffer.from(header)]);
    const mac = createHmac('sha256', key).update(Buffer.of(1)).update(rest).digest();
    expect(openEvent(Buffer.concat([Buffer.of(1), mac, rest]), key)).toEqual({ ok: false, reason: 'malformed' });
  });

  it('whose header claims to be longer than the message is refused', () => {
    const rest = Buffer.concat([Buffer.of(255, 255, 255, 255), Buffer.from('{}')]);
    const mac = createHmac('sha256', key).update(Buffer.of(1)).update(rest).digest();
    expect(openEvent(Buffer.concat([Buffer.of(1), mac, rest]), key)).toEqual({ ok: false, reason: 'malformed' });
  });
});
