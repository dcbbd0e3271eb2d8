import { preferredWaitSeconds } from './prefer-wait';

describe('preferredWaitSeconds', () => {
  it.each([
    ['wait=20', 20],
    ['respond-async, wait=5', 5],
    ['WAIT = "7"', 7],
    ['wait=10; foo=bar', 10],
    ['wait=600', 60],
    ['wait=0', 0],
  ])('reads %s', (header, seconds) => expect(preferredWaitSeconds(header)).toBe(seconds));

  it.each([undefined, '', 'wait', 'wait=', 'wait=-1', 'wait=1.5', 'handling=lenient', 'await=5'])('finds nothing in %s', (header) => expect(preferredWaitSeconds(header)).toBeUndefined());
});
