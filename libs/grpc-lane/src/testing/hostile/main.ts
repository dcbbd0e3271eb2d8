import { parseArgs } from 'node:util';
import { attack } from './attack';

const MEBIBYTE = 1_048_576;
const GROWTH_BYTES = 8 * MEBIBYTE;
const { values } = parseArgs({ options: { sequences: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } } });

/** `node dist/testing/hostile/main.js --sequences 1000000 --seed 1`: prints what went wrong, and ends with 1 when anything did. */
async function main(): Promise<void> {
  const onProgress = (made: number, held: number) => console.log(`${made} sequences, ${(held / MEBIBYTE).toFixed(1)} MiB held`);
  const { faults, heldBytes } = await attack({ sequences: Number(values.sequences), seed: Number(values.seed), onProgress });
  if (heldBytes[1] - heldBytes[0] > GROWTH_BYTES) faults.push(`${heldBytes[1] - heldBytes[0]} bytes stayed behind`);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}

void main();
