import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../testing/test-host';
import { prepareRunDirectory, PrivateDirectory } from './private-directory';

const runDirectory = mkdtempSync(join(tmpdir(), 'sld-'));
const logger = silentLogger();

afterAll(() => rmSync(runDirectory, { recursive: true, force: true }));

describe('PrivateDirectory', () => {
  it('is open to this user only, and gone once it is removed', () => {
    const directory = PrivateDirectory.create(runDirectory, logger);
    expect(statSync(directory.path).mode & 0o777).toBe(0o700);
    directory.remove();
    expect(existsSync(directory.path)).toBe(false);
  });

  it('that cannot be removed is a warning', () => {
    const warn = jest.spyOn(logger, 'warn');
    const directory = PrivateDirectory.create(runDirectory, logger);
    // A file where its parent was is something that no rights of this process help against.
    rmSync(runDirectory, { recursive: true });
    writeFileSync(runDirectory, '');
    expect(() => directory.remove()).not.toThrow();
    expect(warn).toHaveBeenCalledWith(expect.objectContaining({ event: 'plugin.directory_left' }), expect.any(String));
  });
});

describe('prepareRunDirectory', () => {
  (process.getuid?.() === 0 ? it : it.skip)('refuses a place that plugins under other users cannot get to', () => {
    const parent = mkdtempSync(join(tmpdir(), 'sld-'));
    const path = join(parent, 'run');
    expect(() => prepareRunDirectory(path, true)).toThrow(
      expect.objectContaining({
        code: 'plugin.runDirectoryClosed',
        message: `Plugins run under users of their own (PLUGIN_UID_RANGE) and cannot get to ${path}, because ${parent} is closed to them: chmod o+x it, or choose another PLUGIN_RUN_DIR.`,
      }),
    );
    chmodSync(parent, 0o711);
    prepareRunDirectory(path, true);
    expect(statSync(path).mode & 0o777).toBe(0o711);
    rmSync(parent, { recursive: true });
  });
});
