import { createFileRegistry, type DescFile, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { PLUGIN_SERVER_DESCRIPTORS } from './generated/plugin-server-descriptors';

/** The .proto files behind a server's services, as gRPC reflection tells them. A file is a serialized `google.protobuf.FileDescriptorProto`. */
export interface DescriptorFiles {
  /** This file first, then all that it imports, each once. `name` as imports write it: `plugin/plugin_service.proto`. Undefined: there is none. */
  byName(name: string): Buffer[] | undefined;
  /** The same for the file that defines a service, method, message, field or enum by its full name: `plugin.PluginService.Initialize`. */
  bySymbol(symbol: string): Buffer[] | undefined;
  /** Whether it is the full name of a message. */
  isMessage(name: string): boolean;
}

/** The files of everything that a plugin's server can serve. Reads the descriptors on each call: keep what it gives. */
export function pluginServerFiles(): DescriptorFiles {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, Buffer.from(PLUGIN_SERVER_DESCRIPTORS, 'base64')));
  const defines = (symbol: string): DescFile | undefined => {
    const type = registry.get(symbol);
    if (type) return type.file;
    const dot = symbol.lastIndexOf('.');
    const [parent, name] = [registry.get(symbol.slice(0, Math.max(dot, 0))), symbol.slice(dot + 1)];
    if (parent?.kind === 'service') return parent.methods.some((method) => method.name === name) ? parent.file : undefined;
    if (parent?.kind === 'message') return parent.fields.some((field) => field.name === name) ? parent.file : undefined;
    return undefined;
  };
  return {
    byName: (name) => {
      const file = registry.getFile(name);
      return file && withImports(file);
    },
    bySymbol: (symbol) => {
      const file = defines(symbol);
      return file && withImports(file);
    },
    isMessage: (name) => registry.getMessage(name) !== undefined,
  };
}

function withImports(file: DescFile): Buffer[] {
  const files = new Set([file]);
  // A set gives what is added to it while it is walked.
  for (const { dependencies } of files) for (const imported of dependencies) files.add(imported);
  return [...files].map(({ proto }) => Buffer.from(toBinary(FileDescriptorProtoSchema, proto)));
}
