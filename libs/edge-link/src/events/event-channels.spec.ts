import { ALL_UP, downChannels, eventChannel } from './event-channels';
import { DOWN, UP } from './linked-event';

describe('event channels', () => {
  it('are one for each namespace and direction', () => {
    expect(eventChannel('eu', UP)).toBe('sluice:events:{eu}:up');
    expect(eventChannel('', DOWN)).toBe('sluice:events:{default}:down');
  });

  it('let a gateway hear its namespace and what is for all', () => {
    expect(downChannels('eu')).toEqual(['sluice:events:{eu}:down', 'sluice:events:{default}:down']);
    expect(downChannels('')).toEqual(['sluice:events:{default}:down']);
  });

  it('cannot be left by a namespace with strange characters', () => {
    expect(eventChannel('a}:down', UP)).toBe('sluice:events:{a%7D%3Adown}:up');
    expect(new RegExp(`^${ALL_UP.replace(/[{}]/g, '\\$&').replace('*', '.*')}$`).test(eventChannel('a b', UP))).toBe(true);
  });
});
