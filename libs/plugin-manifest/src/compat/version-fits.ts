import { prerelease, satisfies, SemVer, valid } from 'semver';

/**
 * Whether a version lies in a range. A pre-release counts by its place in the order, so that `1.5.0-rc.1` fits `>=1.2.0`, but only where its
 * release fits too: `2.0.0-rc.1` brings what 2.0.0 brings, and does not fit `<2.0.0`. A range that names a pre-release means it:
 * `2.0.0-rc.2` fits `>=2.0.0-rc.1 <2.0.0`. What is no version fits nothing.
 */
export function versionFits(version: string, range: string): boolean {
  if (valid(version) === null) return false;
  if (satisfies(version, range)) return true;
  if (prerelease(version) === null) return false;
  const { major, minor, patch } = new SemVer(version);
  return satisfies(version, range, { includePrerelease: true }) && satisfies(`${major}.${minor}.${patch}`, range);
}
