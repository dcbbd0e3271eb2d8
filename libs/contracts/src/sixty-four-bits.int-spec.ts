import * as aiStudioManagement from '@sluice/contracts/ai-studio-management';
import * as configProvider from '@sluice/contracts/config-provider';
import * as edge from '@sluice/contracts/edge';
import * as goPlugin from '@sluice/contracts/go-plugin';
import * as health from '@sluice/contracts/health';
import * as microgatewayManagement from '@sluice/contracts/microgateway-management';
import * as plugin from '@sluice/contracts/plugin';
import * as pluginEvents from '@sluice/contracts/plugin-events';
import * as reflection from '@sluice/contracts/reflection';
import * as reflectionV1alpha from '@sluice/contracts/reflection-v1alpha';
import { compileProtoFiles, type FieldDescriptor, type MessageDescriptor } from '../test-support/descriptor-set';

interface MessageCodec {
  encode(message: unknown): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Record<string, unknown>;
  fromPartial(partial: Record<string, unknown>): unknown;
}

const GENERATED: Readonly<Record<string, object>> = {
  ai_studio_management: aiStudioManagement,
  config_provider: configProvider,
  'edge.v1': edge,
  'grpc.health.v1': health,
  'grpc.reflection.v1': reflection,
  'grpc.reflection.v1alpha': reflectionV1alpha,
  microgateway_management: microgatewayManagement,
  plugin: { ...goPlugin, ...plugin },
  plugin_events: pluginEvents,
};

const SIGNED = new Set(['TYPE_INT64', 'TYPE_SINT64', 'TYPE_SFIXED64']);
const UNSIGNED = new Set(['TYPE_UINT64', 'TYPE_FIXED64']);

interface WideField {
  message: string;
  codec: MessageCodec;
  field: FieldDescriptor;
}

const wideFields = compileProtoFiles().flatMap((file) => (file.messageType ?? []).flatMap((message) => wideFieldsOf(file.package, message)));

function wideFieldsOf(scope: string, message: MessageDescriptor, prefix = ''): WideField[] {
  const name = `${prefix}${message.name}`;
  const wide = (message.field ?? []).filter(({ type }) => SIGNED.has(type) || UNSIGNED.has(type));
  const codec = (GENERATED[scope] as Record<string, MessageCodec>)[name] as MessageCodec;
  return [
    ...wide.map((field) => ({ message: `${scope}.${name}`, codec, field })),
    ...(message.nestedType ?? []).flatMap((nested) => wideFieldsOf(scope, nested, `${name}_`)),
  ];
}

function roundTrip({ codec, field }: WideField, value: bigint): unknown {
  const written = field.label === 'LABEL_REPEATED' ? [value] : value;
  const read = codec.decode(codec.encode(codec.fromPartial({ [field.jsonName]: written })).finish())[field.jsonName];
  return field.label === 'LABEL_REPEATED' ? (read as unknown[])[0] : read;
}

describe('64-bit integers', () => {
  it('occur signed and unsigned, so that the tests below test something', () => {
    expect(wideFields.filter(({ field }) => SIGNED.has(field.type)).length).toBeGreaterThan(30);
    expect(wideFields.filter(({ field }) => UNSIGNED.has(field.type)).length).toBeGreaterThan(0);
  });

  it('keep the largest and the smallest value in every signed field', () => {
    for (const wide of wideFields.filter(({ field }) => SIGNED.has(field.type))) {
      for (const value of [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, -1n]) {
        expect([wide.message, wide.field.name, roundTrip(wide, value)]).toEqual([wide.message, wide.field.name, value]);
      }
    }
  });

  it('keep the largest value in every unsigned field', () => {
    for (const wide of wideFields.filter(({ field }) => UNSIGNED.has(field.type))) {
      for (const value of [2n ** 64n - 1n, 2n ** 53n + 1n, 2n ** 63n]) {
        expect([wide.message, wide.field.name, roundTrip(wide, value)]).toEqual([wide.message, wide.field.name, value]);
      }
    }
  });
});
