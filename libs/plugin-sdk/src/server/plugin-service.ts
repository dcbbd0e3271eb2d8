import type { UntypedHandleCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Binding } from '../capabilities/binding';
import { BINDINGS } from '../capabilities/bindings';
import type { Session } from '../session/session';
import type { Declarations } from './declarations';
import { lifecycleHandlers } from './lifecycle-handlers';
import type { PluginProcess } from './plugin-process';
import type { ProcessEnd } from './process-end';
import { streamHandler } from './stream-handler';
import { unaryHandler } from './unary-handler';

/** `plugin.PluginService`: the table of capabilities, answered by the author's class where it has the method. */
export function pluginService(process: PluginProcess, declarations: Declarations, session: Session, end: ProcessEnd): UntypedServiceImplementation {
  const answers = BINDINGS.map((binding) => {
    const target = targetOf(binding, [process.plugin, declarations.fallbacks]);
    const handler = binding.kind === 'unary' ? unaryHandler(process, binding, target) : streamHandler(process, binding, target);
    return [binding.rpc, handler as UntypedHandleCall] as const;
  });
  return { ...lifecycleHandlers(process, session, end), ...Object.fromEntries(answers) };
}

/** A capability is there when the class implements its method. */
function targetOf(binding: Binding, candidates: readonly object[]): object | undefined {
  return candidates.find((candidate) => typeof (candidate as Record<string, unknown>)[binding.method] === 'function');
}
