import { memoryLogger } from '../testing/memory-logger';
import { recordedCounts } from '../testing/recorded-counts';
import { eventChannel } from './event-channels';
import { IncomingEvents } from './incoming-events';
import { DOWN, MAX_EVENT_PAYLOAD_BYTES, UP } from './linked-event';
import { type EventLetter, sealEvent } from './sealed-event';

const key = Buffer.alloc(32, 1);

function incoming() {
  const counts = recordedCounts();
  const logger = memoryLogger();
  const events = new IncomingEvents(key, counts, logger);
  const delivered: string[] = [];
  events.deliverTo(({ id }) => delivered.push(id));
  return { events, counts, logger, delivered };
}

function letter(id: string, { namespace = 'eu', direction = UP, sentAt = Date.now(), bytes = 0 } = {}): EventLetter {
  return { event: { id, topic: 't', origin: 'plugin:1', direction, payload: Buffer.alloc(bytes) }, namespace, from: 'test', sentAt };
}

describe('IncomingEvents', () => {
  it('delivers an event of the largest size, once', () => {
    const { events, counts, delivered, logger } = incoming();
    const sealed = sealEvent(letter('a', { bytes: MAX_EVENT_PAYLOAD_BYTES }), key);
    for (let count = 0; count < 3; count += 1) events.arrived(eventChannel('eu', UP), sealed);
    expect(delivered).toEqual(['a']);
    expect(counts.refusals).toEqual(['duplicate', 'duplicate']);
    expect(logger.lines).toEqual([]);
  });

  it.each([
    ['signature', sealEvent(letter('a'), Buffer.alloc(32, 2)), eventChannel('eu', UP)],
    ['malformed', Buffer.from('{"topic":"echo.a"}'), eventChannel('eu', UP)],
    ['too_large', Buffer.alloc(2 * MAX_EVENT_PAYLOAD_BYTES), eventChannel('eu', UP)],
    ['misdirected', sealEvent(letter('a'), key), eventChannel('us', UP)],
    ['misdirected', sealEvent(letter('a'), key), eventChannel('eu', DOWN)],
    ['misdirected', sealEvent(letter('a', { direction: 0 }), key), eventChannel('eu', UP)],
    ['stale', sealEvent(letter('a', { sentAt: Date.now() - 120_000 }), key), eventChannel('eu', UP)],
  ])('refuses, counts and logs what is %s', (reason, bytes, channel) => {
    const { events, counts, delivered, logger } = incoming();
    events.arrived(channel, bytes);
    expect(delivered).toEqual([]);
    expect(counts.refusals).toEqual([reason]);
    expect(logger.lines).toMatchObject([{ level: 'warn', fields: { reason } }]);
  });

  it('outlives a handler that throws', () => {
    const { events, logger } = incoming();
    events.deliverTo(() => {
      throw new Error('on purpose');
    });
    events.arrived(eventChannel('eu', UP), sealEvent(letter('a'), key));
    expect(logger.lines).toMatchObject([{ level: 'error', fields: { topic: 't' } }]);
  });
});
