import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `index.ts` exports, one name a line, types marked as such. */
function exportedNames(source: string): string[] {
  return [...source.matchAll(/^export (type )?\{([^}]*)\}/gm)]
    .flatMap(([, onlyTypes = '', names = '']) => names.split(',').map((name) => `${onlyTypes}${name.trim()}`))
    .filter((name) => name !== '' && name !== 'type ')
    .map((name) => name.replace(/^type type /, 'type '))
    .sort();
}

describe('the public surface', () => {
  it('is what api.txt lists: a change of it is a decision, and shows in a review', () => {
    const listed = readFileSync(join(__dirname, '../api.txt'), 'utf8').trim().split('\n');
    expect(exportedNames(readFileSync(join(__dirname, 'index.ts'), 'utf8'))).toEqual(listed);
  });

  it('is the same for authors of ES modules', () => {
    const [, names = ''] = /export const \{([^}]*)\}/.exec(readFileSync(join(__dirname, '../index.mjs'), 'utf8')) ?? [];
    const values = exportedNames(readFileSync(join(__dirname, 'index.ts'), 'utf8')).filter((name) => !name.startsWith('type '));
    expect(names.split(',').map((name) => name.trim()).sort()).toEqual(values);
  });

  it('has no exports but named lists', () => {
    const lines = readFileSync(join(__dirname, 'index.ts'), 'utf8').split('\n').filter((line) => line.startsWith('export'));
    expect(lines.filter((line) => !/^export (type )?\{/.test(line))).toEqual([]);
  });
});
