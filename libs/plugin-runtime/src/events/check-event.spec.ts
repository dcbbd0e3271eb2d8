import { eventFault, MAX_EVENT_BYTES } from './check-event';

const event = (bytes: number, direction = 0) => ({ topic: 'echo.a', payload: Buffer.alloc(bytes), direction });

describe('eventFault', () => {
  it('allows a payload of 1 MB, and says how large a larger one is', () => {
    expect(eventFault(event(MAX_EVENT_BYTES))).toBeUndefined();
    expect(eventFault(event(MAX_EVENT_BYTES + 1))).toMatch(/"echo\.a" has 1048577 bytes, and at most 1048576/);
  });

  it.each([-1, 3, 1.5])('refuses the direction %p', (direction) => {
    expect(eventFault(event(0, direction))).toContain(`the direction ${direction}`);
  });
});
