import type { ConformanceReport } from '@sluice/plugin-runtime/testing';
import { junitOf } from './junit';

const report: ConformanceReport = {
  target: './plugin',
  plugin: null,
  passed: 1,
  failed: 1,
  skipped: 1,
  results: [
    { id: 'a.one', title: 'does one', section: 'process', outcome: 'passed', reason: '', durationMs: 1_500 },
    { id: 'a.two', title: 'does <two>', section: 'process', outcome: 'failed', reason: 'It says "no"\u0001 & ends.', durationMs: 2 },
    { id: 'b.three', title: 'does three', section: 'session', outcome: 'skipped', reason: 'not asked', durationMs: 0 },
  ],
};

describe('junitOf', () => {
  const xml = junitOf(report);

  it('counts in every suite and over all', () => {
    expect(xml).toContain('<testsuites name="./plugin" tests="3" failures="1" skipped="1">');
    expect(xml).toContain('<testsuite name="process" tests="2" failures="1" skipped="0" time="1.502">');
  });

  it('escapes what the plugin said, and leaves control characters out', () => {
    expect(xml).toContain('name="a.two: does &lt;two&gt;"');
    expect(xml).toContain('<failure message="It says &quot;no&quot;  &amp; ends."/>');
  });

  it('keeps why a check was skipped', () => {
    expect(xml).toContain('<skipped message="not asked"/>');
  });
});
