import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { PluginHostPolicy } from '../host/plugin-host-policy';
import type { PluginLimits } from '../limits/plugin-limits';
import { definition, isRunning, TestHost, until } from '../testing/test-host';
import { findAbilities } from './abilities';
import type { CgroupController } from './cgroup-mounts';
import { execChain } from './exec-chain';
import { findCgroups } from './find-cgroups';

const SECRETS = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`PLANTED_SECRET_${index}`, `planted-${index}-${'x'.repeat(16)}`]));
const UIDS = { first: 231_000, last: 231_009 };
const isRoot = process.getuid?.() === 0;
/** The tests look into groups of version 1; those of version 2 are in cgroup-tree.int-spec. */
const hasCgroups = existsSync('/sys/fs/cgroup/pids') && ['memory', 'pids', 'cpu'].every((name) => findCgroups()?.controllers.has(name as CgroupController));
const hasIdleOrder = hasCgroups && existsSync('/sys/fs/cgroup/cpu/cpu.idle');
const whenRoot = isRoot ? it : it.skip;
const whenCgroups = hasCgroups ? it : it.skip;
const whenIdleOrder = hasIdleOrder ? it : it.skip;

jest.setTimeout(60_000);

let scripts: string;
let hosted: TestHost;
/** Stands for a host: the same user, with secrets in its environment. */
let secretive: ChildProcess;

beforeAll(() => {
  scripts = mkdtempSync(join(tmpdir(), 'sli-'));
  chmodSync(scripts, 0o755);
  secretive = spawn('sleep', ['300'], { env: { PATH: process.env['PATH'], ...SECRETS }, stdio: 'ignore' });
});
afterEach(() => hosted.close());
afterAll(() => {
  secretive.kill('SIGKILL');
  rmSync(scripts, { recursive: true, force: true });
});

/** A plugin that is well, and prints the value of `code` as JSON. Other users may read it. */
function plugin(name: string, code: string) {
  const path = join(scripts, `${name}.js`);
  const shared = resolve(__dirname, '../testing/faulty-plugin-process.js');
  const report = `Promise.resolve((async () => { const fs = require('fs'); ${code} })()).then((value) => console.error('report ' + JSON.stringify(value)))`;
  writeFileSync(path, `require(${JSON.stringify(shared)}).run('none');\nsetTimeout(() => ${report}, 300);\n`, { mode: 0o644 });
  return { kind: 'file', path } as const;
}

function start(policy: Partial<PluginHostPolicy>, plugins: readonly { id: number; deployment: ReturnType<typeof plugin>; limits?: PluginLimits }[]): void {
  hosted = new TestHost({ policy, environment: { ...process.env, ...SECRETS } });
  hosted.host.apply(plugins.map((each) => definition(each)));
}

async function report(id: number): Promise<unknown> {
  const line = () => hosted.host.status(id)?.lastLogLines.find((text) => text.startsWith('report '));
  await until(() => line() !== undefined, 20_000, () => JSON.stringify(hosted.host.status(id)));
  return JSON.parse(line()!.slice('report '.length));
}

const READ_SECRETS = (pid: number) => `
  const read = (file) => { try { return fs.readFileSync(file, 'latin1'); } catch (error) { return error.code; } };
  const everything = fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).map((pid) => read('/proc/' + pid + '/environ')).join('\\n');
  const found = (text) => (text.match(/planted-/g) || []).length;
  return { own: found(JSON.stringify(process.env)), self: found(read('/proc/self/environ')), parent: read('/proc/' + process.ppid + '/environ'), host: read('/proc/${pid}/environ'), anywhere: found(everything), uid: process.getuid() };`;

describe('the secrets of a host', () => {
  whenRoot('are out of reach for a plugin under a user of its own', async () => {
    start({ uidRange: UIDS }, [{ id: 1, deployment: plugin('dump', READ_SECRETS(secretive.pid!)) }]);
    expect(await report(1)).toEqual({ own: 0, self: 0, parent: 'EACCES', host: 'EACCES', anywhere: 0, uid: UIDS.first });
    expect(hosted.host.status(1)!.notEnforced.filter((sentence) => !sentence.includes('control groups'))).toEqual([]);
  });

  it('are out of reach for a plugin under the same user, or its status says that they are not', async () => {
    start({}, [{ id: 1, deployment: plugin('dump', READ_SECRETS(secretive.pid!)) }]);
    const found = await report(1);
    expect(found).toMatchObject({ own: 0, self: 0 });
    const notEnforced = hosted.host.status(1)!.notEnforced.filter((sentence) => !sentence.includes('control groups'));
    if (notEnforced.length === 0) expect(found).toMatchObject({ parent: 'EACCES', host: 'EACCES', anywhere: 0 });
    else expect(notEnforced.join()).toContain("It can read the host's environment");
  });
});

describe('a user namespace', () => {
  whenRoot('is what keeps the secrets of a host that is not root', async () => {
    const user = { uid: UIDS.last, gid: UIDS.last };
    const host = spawn('sleep', ['60'], { env: { PATH: process.env['PATH'], ...SECRETS }, stdio: 'ignore', ...user });
    const { tools, userNamespaces } = await findAbilities();
    const read = (userNamespace: boolean) => {
      const [file = '', ...args] = execChain(['cat', `/proc/${host.pid}/environ`], { cgroups: [], noNetwork: false, userNamespace, dropPrivileges: false }, tools);
      return spawnSync(file, args, { ...user, encoding: 'utf8' });
    };
    await until(() => read(false).stdout.includes('planted-19'), 5_000);
    if (userNamespaces) expect(read(true)).toMatchObject({ stdout: '', stderr: expect.stringContaining('Permission denied') });
    host.kill('SIGKILL');
    hosted = new TestHost();
  });
});

describe('plugins under users of their own', () => {
  whenRoot('reach neither the folders nor the sockets of each other, nor each other', async () => {
    start({ uidRange: UIDS }, [{ id: 1, deployment: plugin('victim', 'return { uid: process.getuid(), folder: process.env.PLUGIN_UNIX_SOCKET_DIR };') }]);
    const victim = (await report(1)) as { uid: number; folder: string };
    await hosted.serving(1);
    const { pid } = hosted.host.status(1)!;
    const attack = `
      const net = require('net');
      const attempt = (act) => { try { act(); return 'done'; } catch (error) { return error.code; } };
      const dial = (path) => new Promise((done) => { const socket = net.connect(path); socket.on('connect', () => done('connected')); socket.on('error', (error) => done(error.code)); });
      const sockets = fs.readFileSync('/proc/net/unix', 'utf8').split('\\n').map((line) => line.split(' ').pop()).filter((path) => path.startsWith(${JSON.stringify(victim.folder.slice(0, -2))}));
      return { uid: process.getuid(), list: attempt(() => fs.readdirSync(${JSON.stringify(victim.folder)})), runs: attempt(() => fs.readdirSync(${JSON.stringify(victim.folder)} + '/../..')),
        kill: attempt(() => process.kill(${pid}, 0)), known: sockets.length > 0, dialled: [...new Set(await Promise.all(sockets.map(dial)))], own: attempt(() => fs.writeFileSync(process.env.TMPDIR + '/x', '')) };`;
    hosted.host.apply([definition({ id: 1, deployment: plugin('victim', 'return { uid: process.getuid(), folder: process.env.PLUGIN_UNIX_SOCKET_DIR };') }), definition({ id: 2, deployment: plugin('attacker', attack) })]);
    const outcome = (await report(2)) as { uid: number };
    expect(outcome).toMatchObject({ list: 'EACCES', runs: 'EACCES', kill: 'EPERM', known: true, dialled: ['EACCES'], own: 'done' });
    expect(outcome.uid).not.toBe(victim.uid);
  });
});

describe('a plugin that names the socket of another one as its own', () => {
  const victim = () => ({ id: 1, deployment: plugin('victim', 'return process.env.PLUGIN_UNIX_SOCKET_DIR;') });
  const impostor = (name: string, code: string) => {
    const path = join(scripts, `${name}.js`);
    writeFileSync(path, `${code}\nsetInterval(() => undefined, 1000);\n`, { mode: 0o644 });
    return { kind: 'file', path } as const;
  };
  const socketOf = async (id: number) => {
    const folder = (await report(id)) as string;
    return join(folder, readdirSync(folder).find((name) => lstatSync(join(folder, name)).isSocket())!);
  };
  const refusal = async (id: number, deployment: ReturnType<typeof impostor>) => {
    hosted.host.apply([definition(victim()), definition({ id, deployment })]);
    return (await hosted.status(id, ({ reason }) => reason !== '')).reason;
  };

  it('is refused, directly and by a link, and the other one goes on', async () => {
    start({}, [victim()]);
    const socket = await socketOf(1);
    expect(await refusal(2, impostor('direct', `console.log('1|1|unix|${socket}|grpc|');`))).toBe(`The plugin listens on "${socket}", which does not lie in the folder that PLUGIN_UNIX_SOCKET_DIR named.`);
    const link = `const link = process.env.PLUGIN_UNIX_SOCKET_DIR + '/mine'; require('fs').symlinkSync(${JSON.stringify(socket)}, link); console.log('1|1|unix|' + link + '|grpc|');`;
    expect(await refusal(3, impostor('link', link))).toMatch(/^The plugin listens on ".*\/mine", which is not a socket\.$/);
    expect(hosted.host.status(1)).toMatchObject({ state: 'ready', generation: 1 });
  });
});

describe('limits', () => {
  whenCgroups('of memory end the plugin, and its status says so', async () => {
    const hog = plugin('hog', 'const kept = []; setInterval(() => kept.push(Buffer.alloc(16 * 1048576, 1)), 10);');
    start({ caps: { memoryMb: 150 } }, [{ id: 1, deployment: hog, limits: { memoryMb: 4_096 } }]);
    const { reason, lastExit } = await hosted.status(1, ({ state }) => state === 'crashed');
    expect(reason).toBe('The plugin ended by signal SIGKILL, because it needed more memory than its limit of 150 MiB.');
    expect(lastExit).toMatchObject({ signal: 'SIGKILL' });
  });

  whenCgroups('of processes, processor time and open files hold inside of it', async () => {
    const code = `
      const { spawnSync } = require('child_process');
      const cgroup = (controller, file) => { const path = fs.readFileSync('/proc/self/cgroup', 'utf8').match(new RegExp(':' + controller + ':(.*)'))[1]; return fs.readFileSync('/sys/fs/cgroup/' + controller + path + '/' + file, 'utf8').trim(); };
      const forks = spawnSync('sh', ['-c', 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do sleep 5 & done']);
      return { forks: /fork|resource/i.test(String(forks.stderr)), quota: cgroup('cpu', 'cpu.cfs_quota_us'), nofile: /Max open files +(\\d+)/.exec(fs.readFileSync('/proc/self/limits', 'utf8'))[1] };`;
    start({ caps: { nofile: 128 } }, [{ id: 1, deployment: plugin('limited', code), limits: { pids: 25, cpu: 0.5, nofile: 4_096 } }]);
    expect(await report(1)).toEqual({ forks: true, quota: '5000', nofile: '128' });
    expect(hosted.host.status(1)!.notEnforced).toEqual([]);
    await until(() => hosted.host.status(1)!.remarks.some((line) => /^It was refused another process (once|\d+ times): it may have 25\.$/.test(line)), 10_000);
  });

  whenIdleOrder('put a plugin that uses up its processor time behind others', async () => {
    const code = `
      const path = fs.readFileSync('/proc/self/cgroup', 'utf8').match(/:cpu:(.*)/)[1];
      const isBack = () => fs.readFileSync('/sys/fs/cgroup/cpu' + path + '/cpu.idle', 'utf8').trim() === '1';
      const before = isBack();
      const busy = require('child_process').spawn('sh', ['-c', 'while :; do :; done']);
      for (const until = Date.now() + 8000; Date.now() < until && !isBack(); ) await new Promise((done) => setTimeout(done, 100));
      busy.kill('SIGKILL');
      return { before, during: isBack() };`;
    start({}, [{ id: 1, deployment: plugin('busy', code), limits: { cpu: 0.5 } }]);
    expect(await report(1)).toEqual({ before: false, during: true });
  });

  whenIdleOrder('are narrower for a while, and behind others, for a plugin that comes back after its memory ended it', async () => {
    const eaten = join(scripts, 'eaten');
    const code = `
      if (!fs.existsSync('${eaten}')) { fs.writeFileSync('${eaten}', ''); const kept = []; for (;;) kept.push(Buffer.alloc(16 * 1048576, 1)); }
      const path = fs.readFileSync('/proc/self/cgroup', 'utf8').match(/:cpu:(.*)/)[1];
      const look = () => ['cpu.idle', 'cpu.cfs_quota_us'].map((file) => Number(fs.readFileSync('/sys/fs/cgroup/cpu' + path + '/' + file, 'utf8')));
      const first = look();
      for (const until = Date.now() + 20000; Date.now() < until && look()[0] === 1; ) await new Promise((done) => setTimeout(done, 100));
      return { first, then: look() };`;
    start({}, [{ id: 1, deployment: plugin('insatiable', code), limits: { memoryMb: 150, cpu: 0.8 } }]);
    expect(await report(1)).toEqual({ first: [1, 2_000], then: [0, 8_000] });
  });

  it('leave a plugin without a network that asked for none, or its status says that they do not, and it serves', async () => {
    start({}, [{ id: 1, deployment: plugin('alone', `return fs.readFileSync('/proc/net/dev', 'utf8').split('\\n').slice(2).map((line) => line.split(':')[0].trim()).filter(Boolean).filter((name) => name !== 'lo');`), limits: { network: 'none' } }]);
    const networks = await report(1);
    await hosted.serving(1);
    if (!hosted.host.status(1)!.notEnforced.join().includes('network')) expect(networks).toEqual([]);
    else expect((await findAbilities()).ownNetwork).not.toBe('direct');
  });

  whenCgroups('are gone with the plugin, and so is what left its process group', async () => {
    start({}, [{ id: 1, deployment: plugin('leaver', `return require('child_process').spawn('sleep', ['300'], { detached: true, stdio: 'ignore' }).pid;`), limits: { memoryMb: 256 } }]);
    const left = (await report(1)) as number;
    expect(isRunning(left)).toBe(true);
    const groups = () => ['pids', 'memory', 'cpu'].flatMap((name) => readdirSync(`/sys/fs/cgroup/${name}`)).filter((name) => name.startsWith(`sluice-${process.pid}-`) && !name.endsWith('probe'));
    expect(groups().length).toBeGreaterThan(0);
    await hosted.close();
    expect(groups()).toEqual([]);
    await until(() => !isRunning(left), 5_000);
  });
});
