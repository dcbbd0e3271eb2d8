import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The parts of a FileDescriptorProto that the tests look at, in protobuf's own JSON form. */
export interface FileDescriptor {
  name: string;
  package: string;
  messageType?: MessageDescriptor[];
  enumType?: EnumDescriptor[];
  service?: ServiceDescriptor[];
}

export interface MessageDescriptor {
  name: string;
  field?: FieldDescriptor[];
  nestedType?: MessageDescriptor[];
  enumType?: EnumDescriptor[];
  options?: { mapEntry?: boolean };
}

export interface FieldDescriptor {
  name: string;
  number: number;
  label: 'LABEL_OPTIONAL' | 'LABEL_REPEATED' | 'LABEL_REQUIRED';
  /** `TYPE_UINT32` */
  type: string;
  /** `.plugin.App` for messages and enums. */
  typeName?: string;
  jsonName: string;
  proto3Optional?: boolean;
  oneofIndex?: number;
}

export interface EnumDescriptor {
  name: string;
  value: { name: string; number?: number }[];
}

export interface ServiceDescriptor {
  name: string;
  method: { name: string; inputType: string; outputType: string; clientStreaming?: boolean; serverStreaming?: boolean }[];
}

/** Compiles proto/ and gives our own files, without those of google.protobuf. */
export function compileProtoFiles(): FileDescriptor[] {
  const proto = join(__dirname, '../../../proto');
  const buf = require.resolve('@bufbuild/buf/bin/buf');
  const json = execFileSync(process.execPath, [buf, 'build', '--exclude-source-info', '-o', '-#format=json'], {
    cwd: proto,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const { file } = JSON.parse(json) as { file: FileDescriptor[] };
  return file.filter((descriptor) => descriptor.package !== 'google.protobuf');
}
