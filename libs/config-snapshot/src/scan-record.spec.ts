import { isQuicklyCanonical, isQuicklyValid } from './quick-record';
import { readRecord } from './read-record';
import { recordText } from './record-hash';
import { appRecord, pluginRecord, tokenRecord } from './sample-records.fixture';
import { APP_VALUES, RecordScanner, TOKEN_VALUES } from './scan-record';

const scanner = new RecordScanner();
const scan = (bytes: Buffer) => scanner.scan(bytes, 0, bytes.length);
const scanText = (text: string) => scan(Buffer.from(text, 'utf8'));

const accepts = (text: string): boolean => {
  try {
    return readRecord(text).known;
  } catch {
    return false;
  }
};

const SAMPLES = [
  recordText(appRecord(1)),
  recordText(appRecord(4_294_967_295, { metadata: { a: 'x', ab: '', b: 'ü' }, name: 'grüße 🎈', monthly_budget: 7, is_active: false })),
  recordText(appRecord(3, { metadata: {}, created_at: 0, rate_limit: 4_294_967_295 })),
  recordText(tokenRecord(2, 1)),
  recordText(tokenRecord(2, 1, { scopes: ['a', 'b c'], expires_at: 1_800_000_000 })),
];

describe('RecordScanner', () => {
  it('knows apps and tokens, and where their values lie', () => {
    const bytes = Buffer.from(SAMPLES[1]!, 'utf8');
    const value = (index: number) => bytes.toString('utf8', scanner.starts[index], scanner.ends[index]);
    expect(scan(bytes)).toBe('app');
    expect([value(APP_VALUES.name), value(APP_VALUES.metadata), value(APP_VALUES.monthly_budget), scanner.numbers[APP_VALUES.id]]).toEqual(['"grüße 🎈"', '{"a":"x","ab":"","b":"ü"}', '7', 4_294_967_295]);
    expect(SAMPLES.map(scanText)).toEqual(['app', 'app', 'app', 'token', 'token']);
    expect(scanText(SAMPLES[4]!) && [scanner.numbers[TOKEN_VALUES.id], scanner.numbers[TOKEN_VALUES.app_id]]).toEqual([2, 1]);
  });

  it('leaves to the careful way what it does not know', () => {
    expect(scanText(recordText(pluginRecord(1)))).toBeUndefined();
    expect(scanText(recordText(appRecord(1, { name: 'a "b"' })))).toBeUndefined();
    expect(scanText(recordText({ ...appRecord(1), data: { ...appRecord(1).data, later: 1 } } as never))).toBeUndefined();
  });

  it('reads nothing beyond the end', () => {
    const bytes = Buffer.from(SAMPLES[0]! + SAMPLES[0]!, 'utf8');
    for (let end = 0; end < SAMPLES[0]!.length; end++) expect(scanner.scan(bytes, 0, end)).toBeUndefined();
    expect(scanner.scan(bytes, 0, bytes.length)).toBeUndefined();
  });

  it('accepts no byte that the careful way would not accept', () => {
    const codes = [...'0123456789-.eE{}[]",:\\ntrufalsxAZ ', '\0', '\n', '\x7f', 'ü'];
    let accepted = 0;
    for (const sample of SAMPLES) {
      for (let position = 0; position < sample.length; position++) {
        for (const code of codes) {
          for (const changed of [sample.slice(0, position) + code + sample.slice(position + 1), sample.slice(0, position) + code + sample.slice(position), sample.slice(0, position) + sample.slice(position + 1)]) {
            // Half a surrogate pair becomes another character.
            const text = Buffer.from(changed, 'utf8').toString('utf8');
            if (scanText(text) === undefined) continue;
            accepted++;
            if (!accepts(text)) throw new Error(`The scanner accepts ${text}`);
          }
        }
      }
    }
    expect(accepted).toBeGreaterThan(1_000);
  });

  it('knows all that was known as quickly before', () => {
    for (const sample of SAMPLES) {
      const parsed = JSON.parse(sample) as never;
      if (isQuicklyCanonical(parsed, sample) && isQuicklyValid(parsed)) expect(scanText(sample)).toBeDefined();
    }
  });
});
