import { parseArgs } from 'node:util';

export interface FaultOptions {
  seeds: number[];
  only: string;
  full: boolean;
  stacks: number;
  patience: number;
  withinSeconds: number;
  list: boolean;
}

/** Two cores are busy with so many, and bounds are kept. */
const STACKS = '3';

/** The options of `npm run test:faults`. What is no number that can be used is an error: a run of nothing would look like one in which nothing failed. */
export function faultOptions(args: readonly string[]): FaultOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '10' },
      first: { type: 'string', default: '1' },
      seed: { type: 'string' },
      only: { type: 'string', default: '' },
      full: { type: 'boolean', default: false },
      stacks: { type: 'string', default: STACKS },
      patience: { type: 'string', default: '1' },
      within: { type: 'string', default: 'Infinity' },
      list: { type: 'boolean', default: false },
    },
  });
  const count = whole('seeds', values.seeds, 1);
  const first = whole('first', values.first, 0);
  return {
    seeds: values.seed === undefined ? Array.from({ length: count }, (_, index) => first + index) : [whole('seed', values.seed, 0)],
    only: values.only,
    full: values.full,
    stacks: whole('stacks', values.stacks, 1),
    patience: positive('patience', values.patience),
    withinSeconds: values.within === 'Infinity' ? Infinity : positive('within', values.within),
    list: values.list,
  };
}

function whole(name: string, text: string, least: number): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(number) || number < least) throw new Error(`--${name} has to be a whole number, ${least} or more, and is ${JSON.stringify(text)}.`);
  return number;
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new Error(`--${name} has to be a number above 0, and is ${JSON.stringify(text)}.`);
  return number;
}
