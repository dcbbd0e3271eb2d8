import { parseArgs } from 'node:util';
import { compareCalls } from './compare';

const { values } = parseArgs({ options: { calls: { type: 'string', default: '200000' }, seed: { type: 'string', default: '1' }, 'go-peer': { type: 'string' } } });

/** `node dist/testing/differential/main.js --calls 200000 --seed 1 --go-peer <program>`: prints what differs, and ends with 1 when anything does. */
async function main(): Promise<void> {
  const calls = Number(values.calls);
  let printed = 0;
  const onSession = (made: number, name: string) => {
    if (made - printed < 10_000 && made < calls) return;
    printed = made;
    console.log(`${made} calls; last: ${name}`);
  };
  const faults = await compareCalls({ calls, seed: Number(values.seed), goPeer: values['go-peer'], onSession, onFault: console.error });
  if (faults.length > 0) process.exitCode = 1;
}

void main();
