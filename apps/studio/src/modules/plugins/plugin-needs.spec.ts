import { newlyUnmet, type ActivePlugin } from './plugin-needs';

const base: ActivePlugin = { id: 1, name: 'Base', namespace: '', manifestId: 'com.example.base', version: '1.4.0', requires: [] };
const needy: ActivePlugin = { id: 2, name: 'Needy', namespace: 'eu', manifestId: 'com.example.needy', version: '1.0.0', requires: [{ plugin: 'com.example.base', version: '^1.0.0', optional: false }] };

const whose = (before: ActivePlugin[], after: ActivePlugin[]) => newlyUnmet(before, after).map(({ plugin, message }) => `${plugin.name}: ${message}`);

describe('newlyUnmet', () => {
  it('is nothing while each need is met', () => expect(whose([base], [base, needy])).toEqual([]));

  it('finds the need of a plugin that comes alone', () => {
    expect(whose([], [needy])).toEqual(['Needy: The plugin needs com.example.base ^1.0.0; it is not here.']);
  });

  it('finds those who lose what they need', () => {
    expect(whose([base, needy], [needy])).toEqual(['Needy: The plugin needs com.example.base ^1.0.0; it is not here.']);
    expect(whose([base, needy], [{ ...base, version: '2.0.0' }, needy])).toEqual(['Needy: The plugin needs com.example.base ^1.0.0; here is 2.0.0.']);
  });

  it('counts a plugin only where it is on every gateway of the one that needs it', () => {
    expect(whose([base, needy], [{ ...base, namespace: 'eu' }, needy])).toEqual([]);
    expect(whose([base, needy], [{ ...base, namespace: 'us' }, needy])).toHaveLength(1);
    expect(whose([base, needy], [{ ...base, namespace: 'eu' }, { ...needy, namespace: '' }])).toHaveLength(1);
  });

  it('does not hold what was broken before against a change', () => expect(whose([needy], [{ ...needy, name: 'Renamed' }])).toEqual([]));
});
