import { attack } from './attack';

const MEBIBYTE = 1_048_576;

/** `npm run test:lane` lets a million of them come in. */
it('lets 20,000 hostile byte sequences end calls and connections, and nothing else', async () => {
  const { faults, heldBytes } = await attack({ sequences: 20_000, seed: 1_000_000_000 });
  expect(faults).toEqual([]);
  expect(heldBytes[1] - heldBytes[0]).toBeLessThan(2 * MEBIBYTE);
}, 240_000);
