import { versionFits } from './version-fits';

describe('versionFits', () => {
  it.each([
    ['1.2.3', '^1.0.0'],
    ['1.5.0-rc.1', '>=1.2.0'],
    ['1.5.0-rc.1', '^1.0.0'],
    ['1.5.0-rc.1', '*'],
    ['2.0.0-rc.2', '>=2.0.0-rc.1'],
    ['2.0.0-rc.2', '>=2.0.0-rc.1 <2.0.0'],
    ['3.1.0', '<2.0.0 || >=3.0.0'],
    ['1.0.0+build.7', '1.0.0'],
  ])('%s fits %s', (version, range) => expect(versionFits(version, range)).toBe(true));

  it.each([
    ['0.1.0', '>=2.0.0'],
    ['2.0.0-rc.1', '>=2.0.0'],
    ['2.0.0-rc.1', '<2.0.0'],
    ['2.0.0-rc.1', '^1.0.0'],
    ['2.0.0-rc.1', '1.x'],
    ['2.0.0-rc.0', '>=2.0.0-rc.1'],
    ['development', '*'],
    ['', '*'],
  ])('%s does not fit %s', (version, range) => expect(versionFits(version, range)).toBe(false));
});
