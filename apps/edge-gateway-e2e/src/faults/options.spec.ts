import { faultOptions } from './options';

describe('faultOptions', () => {
  it('runs ten seeds on three stacks where nothing is said', () => {
    expect(faultOptions([])).toEqual({ seeds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], only: '', full: false, stacks: 3, patience: 1, withinSeconds: Infinity, list: false });
  });

  it('takes what is said', () => {
    expect(faultOptions(['--seeds', '2', '--first', '5', '--stacks', '1', '--patience', '1.5', '--within', '540'])).toMatchObject({ seeds: [5, 6], stacks: 1, patience: 1.5, withinSeconds: 540 });
    expect(faultOptions(['--seed', '7', '--only', 'Redis'])).toMatchObject({ seeds: [7], only: 'Redis' });
  });

  it.each(['seeds', 'first', 'seed', 'stacks', 'patience', 'within'])('refuses for --%s what is no number, and names it', (name) => {
    for (const text of ['x', '', ' ', 'NaN', '1e999', '-1']) expect(() => faultOptions([`--${name}=${text}`])).toThrow(`--${name} has to be a`);
  });

  it.each(['seeds', 'stacks', 'patience', 'within'])('refuses 0 for --%s, with which nothing would run or pass', (name) => {
    expect(() => faultOptions([`--${name}`, '0'])).toThrow(`--${name} has to be a`);
  });

  it.each(['seeds', 'first', 'seed', 'stacks'])('refuses a part of one for --%s', (name) => {
    expect(() => faultOptions([`--${name}`, '1.5'])).toThrow(`--${name} has to be a whole number`);
  });
});
