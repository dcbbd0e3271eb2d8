import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Root, Service, type Type } from 'protobufjs';

const root = join(__dirname, '../..');
const page = readFileSync(join(root, 'docs/plugin-protocol.md'), 'utf8');
const proto = load();

function load(): Root {
  const protos = join(root, 'proto');
  const loaded = new Root();
  loaded.resolvePath = (_origin, target) => join(protos, target);
  const files = (readdirSync(protos, { recursive: true }) as string[]).filter((file) => file.endsWith('.proto'));
  return loaded.loadSync(files, { keepCase: true });
}

/** A message as the page shows it: its name and JSON, and its bytes below. */
const examples = [...page.matchAll(/^```message\n(\S+) (.+)\n([0-9a-f \n]+)```$/gm)].map(([, name, json, bytes]) => ({ name: name!, json: json!, bytes: bytes!.replace(/\s/g, '') }));

it('has an example of every step', () => expect(examples.length).toBeGreaterThan(15));

it.each(examples)('shows $name as it is on the wire', ({ name, json, bytes }) => {
  const type: Type = proto.lookupType(name);
  const message = JSON.parse(json) as Record<string, unknown>;
  expect(Object.keys(message).filter((field) => !type.fields[field])).toEqual([]);
  expect(Buffer.from(type.encode(type.fromObject(message)).finish()).toString('hex')).toBe(bytes);
});

it('shows the bytes of the handshake', () => {
  const [, line] = /^`(1\|1\|unix\S+)` is these (\d+) bytes/m.exec(page)!;
  const hex = /is these \d+ bytes:\n\n```\n([0-9a-f \n]+)```/.exec(page)![1]!.replace(/\s/g, '');
  expect(Buffer.from(hex, 'hex').toString()).toBe(`${line}\n`);
  expect(page).toContain(`is these ${hex.length / 2} bytes`);
});

it('names every RPC that a plugin serves', () => {
  const names = ['plugin.PluginService', 'config_provider.ConfigProviderService', 'plugin.GRPCBroker', 'plugin.GRPCController', 'plugin.GRPCStdio'];
  const methods = names.flatMap((name) => Object.keys((proto.lookup(name) as Service).methods));
  expect(methods.filter((method) => !new RegExp(`\\b${method}\\b`).test(page))).toEqual([]);
});
