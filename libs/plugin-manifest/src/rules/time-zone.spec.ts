import { timeZone } from './time-zone';

describe('timeZone', () => {
  it.each(['UTC', 'Europe/London', 'America/Argentina/Buenos_Aires'])('takes %s', (name) => expect(timeZone(name)).toBeUndefined());
  it.each(['', 'Mars/Olympus', '+01:00', 'Europe', 'London', 'Europe/London '])('refuses %j', (name) => expect(timeZone(name)).toMatch(/IANA/));
});
