import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';

/**
 * The program of a client that says when it is there, and asks a hog again and again once it is told to. Each answer is followed by a moment
 * of rest, so that an appetite that ends at once is there for the whole of a measurement. The hog may fail; what counts is what others see.
 */
const PROGRAM = `
  const [url, reads] = process.argv.slice(1);
  const { get } = require('node:http');
  const again = () => setTimeout(ask, 500);
  const ask = () => {
    let over = () => { over = () => {}; again(); };
    get(url, { agent: false }, (answer) => { answer.on('error', () => {}); answer.on('close', () => over()); if (reads) answer.resume(); }).on('error', () => over());
  };
  process.stdin.once('data', ask);
  console.log('ready');
  setTimeout(() => process.exit(), 120000);
`;

/** A client of a hog. It is a process of its own, and goes behind all others, as one on another machine would: what it has to read is no work of the host's. */
export class HogFeeder {
  private constructor(
    private readonly client: ChildProcess,
    private readonly ended: Promise<unknown>,
  ) {}

  /** @param reads whether it takes the whole answer, or keeps the connection and reads nothing. @returns when it is there, and asks for nothing yet */
  static async start(url: string, reads: boolean): Promise<HogFeeder> {
    const client = spawn(process.execPath, ['-e', PROGRAM, url, reads ? 'reads' : ''], { stdio: ['pipe', 'pipe', 'ignore'] });
    const ended = once(client, 'exit');
    if (client.pid !== undefined) setPriority(client.pid, constants.priority.PRIORITY_LOW);
    await once(client.stdout, 'data');
    return new HogFeeder(client, ended);
  }

  begin(): void {
    this.client.stdin?.write('begin\n');
  }

  async end(): Promise<void> {
    this.client.kill('SIGKILL');
    await this.ended;
  }
}
