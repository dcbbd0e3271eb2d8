import type { EnumDescriptor, FieldDescriptor, FileDescriptor, MessageDescriptor } from './descriptor-set';

/** One line for each service method, message, field and enum value, in the form of contract-table.txt. */
export function contractLines(file: FileDescriptor): string[] {
  return [
    ...(file.service ?? []).flatMap((service) =>
      service.method.map(
        (method) =>
          `rpc ${file.package}.${service.name}/${method.name} ` +
          `${method.clientStreaming ? 'stream ' : ''}${method.inputType.slice(1)} -> ${method.serverStreaming ? 'stream ' : ''}${method.outputType.slice(1)}`,
      ),
    ),
    ...(file.enumType ?? []).flatMap((type) => enumLines(file.package, type)),
    ...(file.messageType ?? []).flatMap((message) => messageLines(file.package, message)),
  ];
}

function messageLines(scope: string, message: MessageDescriptor): string[] {
  const name = `${scope}.${message.name}`;
  const nested = message.nestedType ?? [];
  const maps = new Map(nested.filter((type) => type.options?.mapEntry).map((type) => [`.${name}.${type.name}`, type]));
  return [
    `message ${name}`,
    ...(message.field ?? []).map((field) => `field ${name} ${field.number} ${field.name} ${fieldType(field, maps)}`),
    ...(message.enumType ?? []).flatMap((type) => enumLines(name, type)),
    ...nested.filter((type) => !type.options?.mapEntry).flatMap((type) => messageLines(name, type)),
  ];
}

function fieldType(field: FieldDescriptor, maps: ReadonlyMap<string, MessageDescriptor>): string {
  const map = maps.get(field.typeName ?? '');
  if (map !== undefined) return `map<${(map.field ?? []).map((part) => fieldType(part, maps)).join(',')}>`;
  const type = field.typeName === undefined ? field.type.replace('TYPE_', '').toLowerCase() : field.typeName.slice(1);
  if (field.label === 'LABEL_REPEATED') return `repeated ${type}`;
  if (field.proto3Optional) return `optional ${type}`;
  return field.oneofIndex === undefined ? type : `oneof ${type}`;
}

function enumLines(scope: string, type: EnumDescriptor): string[] {
  return type.value.map(({ name, number }) => `enum ${scope}.${type.name} ${number ?? 0} ${name}`);
}
