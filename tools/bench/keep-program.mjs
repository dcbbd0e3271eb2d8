/** Runs a program for as long as this process is there, and prints its process id and, where it `speaks`, its first line. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const { file, args, speaks } = JSON.parse(process.argv[2]);
const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
const told = (line) => console.log(JSON.stringify({ pid: child.pid, line }));

if (speaks) createInterface({ input: child.stdout }).once('line', told);
else child.once('spawn', () => told(undefined)).stdout.resume();
child.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.once('exit', (code) => process.exit(code ?? 1));
process.once('SIGTERM', () => {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
});
