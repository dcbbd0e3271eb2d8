/**
 * The class members of a plugin that takes more than its share, each time it is asked to: `/{what}/{how much}`. Every appetite has an end of
 * its own in time and in number, so that a test of a host without limits does no harm. An appetite that is at it is not begun again.
 */
export const HOG_MEMBERS = `
  endpoints() { return [{ path: '/*', methods: ['GET'] }, { path: '/endless', methods: ['GET'], streamResponse: true }]; }
  handleEndpoint(ctx, request) {
    const { spawn } = require('node:child_process');
    const { openSync } = require('node:fs');
    const [what, amount] = [request.pathSegments[0], Number(request.pathSegments[1] ?? 0)];
    const busy = (globalThis.busy ??= new Set());
    const once = (work) => { if (!busy.has(what)) { busy.add(what); setTimeout(work, 50); } return 'now'; };
    const tell = (error) => console.error(error.message);
    switch (what) {
      case 'memory': {
        const held = (globalThis.held = []);
        const take = () => { if (held.length * 16 >= Math.min(amount, 1024)) return; held.push(Buffer.alloc(16 * 1024 * 1024, 1)); setTimeout(take, 20); };
        return once(take);
      }
      case 'forks': return once(() => {
        // Each process becomes two, seven times over, and all of it again until the time is up.
        const bomb = 'b() { [ "$1" -gt 0 ] || exec sleep 0.1; b $(($1-1)) & b $(($1-1)) & wait; }; while [ $(date +%s) -lt ' + Math.ceil(Date.now() / 1000 + Math.min(amount, 60)) + ' ]; do (b 7); done';
        const light = () => spawn('sh', ['-c', bomb], { stdio: 'ignore' }).on('error', tell).on('exit', () => setTimeout(light, 100));
        light();
      });
      case 'files': return once(() => {
        let left = Math.min(amount, 15000);
        const leak = () => { try { for (; left > 0; left--) openSync('/dev/null', 'r'); } catch (error) { tell(error); setTimeout(leak, 100); } };
        leak();
      });
      case 'logs': {
        const chunk = Buffer.from(('2026-01-02T15:04:05.000Z [INFO]  hog: ' + 'x'.repeat(160) + '\\n').repeat(320));
        let left = Math.min(amount, 1024) * 1024 * 1024;
        const write = () => { left -= chunk.length; process.stderr.write(chunk, () => { if (left > 0) return setImmediate(write); busy.delete(what); console.error('the flood is over'); }); };
        return once(write);
      }
      case 'busy': return once(() => { const until = Date.now() + Math.min(amount, 120) * 1000; while (Date.now() < until); });
      case 'answer': return { body: Buffer.alloc(Math.min(amount, 64) * 1024 * 1024, 'x') };
      default: return 'well';
    }
  }
  async *handleEndpointStream() {
    yield { status: 200 };
    for (const until = Date.now() + 120_000; Date.now() < until; ) { yield Buffer.alloc(256 * 1024, 'x'); await new Promise(setImmediate); }
  }
`;
