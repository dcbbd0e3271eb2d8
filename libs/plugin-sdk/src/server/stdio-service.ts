import type { ServerWritableStream } from '@grpc/grpc-js';
import { type GRPCStdioServer, StdioData, StdioData_Channel } from '@sluice/contracts/go-plugin';
import { callSignal } from './call-signal';
import type { StdioBuffer } from './stdio-buffer';

/** `plugin.GRPCStdio`: what the plugin prints after the handshake, for as long as the host reads it. */
export function stdioService(buffer: StdioBuffer): GRPCStdioServer {
  return {
    streamStdio: (call) => {
      call.on('error', () => undefined);
      void pump(buffer, call as ServerWritableStream<unknown, StdioData>, callSignal(call).signal);
    },
  };
}

async function pump(buffer: StdioBuffer, call: ServerWritableStream<unknown, StdioData>, signal: AbortSignal): Promise<void> {
  for (;;) {
    const data = await buffer.read(signal);
    if (!data) return;
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      call.write(StdioData.create({ channel: StdioData_Channel.STDOUT, data }), () => resolve());
    });
  }
}
