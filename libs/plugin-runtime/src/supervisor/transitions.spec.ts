import { nextState, type PluginEvent, TRANSITIONS } from './transitions';

function follow(...events: PluginEvent[]) {
  return events.reduce(nextState, 'stopped' as const as keyof typeof TRANSITIONS);
}

describe('transitions', () => {
  it('leads a plugin through its life', () => {
    expect(follow('start', 'serve')).toBe('ready');
    expect(follow('start', 'serve', 'crash', 'wait', 'start', 'serve')).toBe('ready');
    expect(follow('start', 'crash', 'giveUp', 'start')).toBe('starting');
    expect(follow('start', 'serve', 'drain', 'end')).toBe('stopped');
  });

  it('lets a plugin be removed in every state but the one it is removed in', () => {
    const stuck = Object.entries(TRANSITIONS).filter(([, events]) => events.drain === undefined);
    expect(stuck.map(([state]) => state)).toEqual(['draining']);
  });

  it('refuses what cannot happen', () => {
    expect(() => nextState('backoff', 'serve')).toThrow('A plugin that is backoff cannot serve.');
    expect(() => nextState('draining', 'start')).toThrow('A plugin that is draining cannot start.');
  });
});
