import { parseArgs } from 'node:util';
import { Stack } from '../stack/stack';
import { APPETITES, HOG_LIMITS } from './hog-appetites';
import { HogReport } from './hog-report';
import { HogRun } from './hog-run';
import { tellsOf } from './hog-status';

const WARM_UP_SECONDS = 20;

/** `npm run test:hogs` runs this beside a PostgreSQL and a Redis. Exits with 1 when another plugin or the host suffered, or a status says nothing. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '10' },
      rate: { type: 'string', default: '200' },
      runs: { type: 'string', default: '3' },
      bound: { type: 'string', default: '2' },
      only: { type: 'string', default: '' },
      'no-limits': { type: 'boolean', default: false },
    },
  });
  const appetites = APPETITES.filter(({ name }) => name.includes(values.only));
  if (appetites.length === 0) throw new Error(`--only ${values.only}: no appetite has this in its name. There are: ${APPETITES.map(({ name }) => name).join('; ')}.`);
  const stack = await Stack.start({ environment: values['no-limits'] ? {} : HOG_LIMITS });
  try {
    const run = await HogRun.prepare(stack, WARM_UP_SECONDS);
    for (const sentence of (await run.status()).not_enforced) console.log(`not enforced here: ${sentence}`);
    for (const appetite of appetites) {
      const report = new HogReport(appetite, Number(values.bound));
      for (let round = 0; round < Number(values.runs); round += 1) {
        const figures = await run.measure(appetite, Number(values.seconds), Number(values.rate));
        report.add(figures, tellsOf(appetite, figures.status));
      }
      console.log(report.describe());
      if (!report.good && !values['no-limits']) process.exitCode = 1;
    }
  } finally {
    await stack.close();
  }
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
