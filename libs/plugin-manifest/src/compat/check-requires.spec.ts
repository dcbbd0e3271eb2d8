import { checkRequires } from './check-requires';

const needs = (version: string, optional = false) => ({ requires: [{ plugin: 'com.example.base', version, optional }] });
const present = (...versions: string[]) => versions.map((version) => ({ manifestId: 'com.example.base', version }));

describe('checkRequires', () => {
  it('is content when each needed plugin is there, in any one version that fits', () => {
    expect(checkRequires({ requires: [] }, [])).toEqual([]);
    expect(checkRequires(needs('*'), present('0.0.1-beta'))).toEqual([]);
    expect(checkRequires(needs('^1.0.0'), present('2.0.0', '1.4.0'))).toEqual([]);
  });

  it('says which plugin is missing', () => {
    const message = 'The plugin needs com.example.base ^1.0.0; it is not here.';
    expect(checkRequires(needs('^1.0.0'), [{ manifestId: 'com.example.other', version: '1.0.0' }])).toEqual([{ pointer: '/requires/0/plugin', message }]);
    expect(checkRequires(needs('*'), [])).toEqual([{ pointer: '/requires/0/plugin', message: 'The plugin needs com.example.base; it is not here.' }]);
  });

  it('says which versions are there when none fits', () => {
    expect(checkRequires(needs('^2.0.0'), present('1.0.0'))).toEqual([
      { pointer: '/requires/0/version', message: 'The plugin needs com.example.base ^2.0.0; here is 1.0.0.' },
    ]);
    expect(checkRequires(needs('^2.0.0'), present('1.0.0', '1.2.0', '1.0.0'))).toMatchObject([{ message: 'The plugin needs com.example.base ^2.0.0; here are 1.0.0 and 1.2.0.' }]);
  });

  it('lets an optional plugin be missing, but not be there in a wrong version', () => {
    expect(checkRequires(needs('^2.0.0', true), [])).toEqual([]);
    expect(checkRequires(needs('^2.0.0', true), present('1.0.0'))).toEqual([
      { pointer: '/requires/0/version', message: 'The plugin works only with com.example.base ^2.0.0; here is 1.0.0.' },
    ]);
  });

  it('points at each requirement', () => {
    const [base] = needs('*').requires;
    if (base === undefined) throw new Error('no requirement');
    const requires = [base, { ...base, plugin: 'com.example.b' }, { ...base, plugin: 'com.example.c' }];
    expect(checkRequires({ requires }, present('1.0.0')).map(({ pointer }) => pointer)).toEqual(['/requires/1/plugin', '/requires/2/plugin']);
  });
});
