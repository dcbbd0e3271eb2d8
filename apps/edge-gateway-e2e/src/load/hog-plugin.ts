/**
 * The class members of a plugin that takes more than its share, each time it is asked to: `/{what}/{how much}`. Every appetite has an end of
 * its own, so that a test of a host without limits does no harm.
 */
export const HOG_MEMBERS = `
  endpoints() { return [{ path: '/*', methods: ['GET'] }, { path: '/endless', methods: ['GET'], streamResponse: true }]; }
  handleEndpoint(ctx, request) {
    const { spawn } = require('node:child_process');
    const { openSync } = require('node:fs');
    const [what, amount] = [request.pathSegments[0], Number(request.pathSegments[1] ?? 0)];
    const later = (work) => { setTimeout(work, 50); return 'now'; };
    switch (what) {
      case 'memory': {
        const held = (globalThis.held = []);
        const take = () => { if (held.length * 16 >= Math.min(amount, 1024)) return; held.push(Buffer.alloc(16 * 1024 * 1024, 1)); setTimeout(take, 20); };
        return later(take);
      }
      case 'forks': return later(() => { for (let n = 0; n < Math.min(amount, 200); n++) spawn('sleep', ['60'], { stdio: 'ignore' }).on('error', (error) => console.error(error.message)); });
      case 'files': return later(() => { for (let n = 0; n < Math.min(amount, 15000); n++) openSync('/dev/null', 'r'); });
      case 'logs': {
        const chunk = Buffer.from(('2026-01-02T15:04:05.000Z [INFO]  hog: ' + 'x'.repeat(160) + '\\n').repeat(320));
        let left = Math.min(amount, 1024) * 1024 * 1024;
        const write = () => { left -= chunk.length; process.stderr.write(chunk, () => (left > 0 ? setImmediate(write) : console.error('the flood is over'))); };
        return later(write);
      }
      case 'busy': return later(() => { const until = Date.now() + Math.min(amount, 120) * 1000; while (Date.now() < until); });
      case 'answer': return { body: Buffer.alloc(Math.min(amount, 64) * 1024 * 1024, 'x') };
      default: return 'well';
    }
  }
  async *handleEndpointStream() {
    yield { status: 200 };
    for (const until = Date.now() + 120_000; Date.now() < until; ) { yield Buffer.alloc(256 * 1024, 'x'); await new Promise(setImmediate); }
  }
`;
