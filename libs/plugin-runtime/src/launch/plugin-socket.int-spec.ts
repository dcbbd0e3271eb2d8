import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@sluice/kernel';
import type { PluginAddress } from '../handshake/parse-handshake';
import { PrivateDirectory } from '../process/private-directory';
import { silentLogger } from '../testing/test-host';
import { ownAddress } from './plugin-socket';

describe('ownAddress', () => {
  const servers: Server[] = [];
  let runs: string;
  let directory: PrivateDirectory;
  let other: PrivateDirectory;
  beforeEach(() => {
    runs = mkdtempSync(join(tmpdir(), 'slps-'));
    [directory, other] = [PrivateDirectory.create(runs, silentLogger()), PrivateDirectory.create(runs, silentLogger())];
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
    rmSync(runs, { recursive: true });
  });

  const process = { exit: null };
  const own = (path: string, timeoutMs = 2_000) => ownAddress({ network: 'unix', path }, { directory, process }, systemClock, timeoutMs);
  const serve = async (folder: PrivateDirectory, says: string, name = 'plugin1') => {
    const path = join(folder.pluginFolder, name);
    const server = createServer((socket) => void socket.end(says));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return path;
  };
  const heard = async (address: PluginAddress) => {
    const chunks = [];
    for await (const chunk of connect((address as { path: string }).path)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  };

  it('stays the plugin that gave the handshake, whatever that puts in the place of its socket', async () => {
    const path = await serve(directory, 'mine');
    const address = await own(path);
    const theirs = await serve(other, 'theirs');
    renameSync(path, `${path}-away`);
    symlinkSync(theirs, path);
    expect(await heard({ network: 'unix', path })).toBe('theirs');
    expect(await heard(address)).toBe('mine');
  });

  it('may not lie elsewhere, and not be a link or a file', async () => {
    const theirs = await serve(other, 'theirs');
    await expect(own(theirs)).rejects.toThrow('does not lie in the folder that PLUGIN_UNIX_SOCKET_DIR named.');
    const link = join(directory.pluginFolder, 'link');
    symlinkSync(theirs, link);
    await expect(own(link)).rejects.toThrow('which is not a socket.');
    await expect(own(join(directory.pluginFolder, '../../', 'x'))).rejects.toThrow('does not lie in the folder');
  });

  it('may not be a file', async () => {
    const file = join(directory.pluginFolder, 'file');
    writeFileSync(file, '');
    await expect(own(file)).rejects.toThrow('which is not a socket.');
  });

  it('is waited for, and not for ever', async () => {
    const late = own(join(directory.pluginFolder, 'plugin1'));
    await new Promise((resolve) => setTimeout(resolve, 120));
    await serve(directory, 'late');
    expect(await heard(await late)).toBe('late');
    await expect(own(join(directory.pluginFolder, 'never'), 150)).rejects.toThrow('The plugin did not accept a connection within 0.15 s of its handshake.');
  });

  it('is what the plugin says on TCP', async () => {
    const address: PluginAddress = { network: 'tcp', host: '127.0.0.1', port: 10_000 };
    expect(await ownAddress(address, { directory, process }, systemClock, 1)).toBe(address);
  });
});
