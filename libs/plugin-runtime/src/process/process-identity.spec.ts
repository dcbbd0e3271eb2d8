import { parseStartTime } from './process-identity';

describe('parseStartTime', () => {
  it('is not misled by a program name with spaces and parentheses', () => {
    const rest = 'S 1 42 42 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 987654 1000 200';
    expect(parseStartTime(`42 (evil) name (x) ${rest}`)).toBe('987654');
    expect(parseStartTime(`42 (node) ${rest}`)).toBe('987654');
  });

  it('finds nothing in a text that is too short', () => {
    expect(parseStartTime('42 (node) S 1')).toBeUndefined();
  });
});
