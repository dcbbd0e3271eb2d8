import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { LaneServer } from '../../server/lane-server';
import { PLAN_HANDLERS, PLAN_SERVICE } from './handlers';

/** A server of plans on a unix socket. */
export interface PlanServer {
  close(): void;
}

export async function startLaneServer(path: string): Promise<PlanServer> {
  const server = new LaneServer({ maxMessageBytes: Infinity });
  server.addService(PLAN_SERVICE, PLAN_HANDLERS);
  await server.listen(path);
  return server;
}

export async function startGrpcJsServer(path: string): Promise<PlanServer> {
  const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  server.addService(PLAN_SERVICE, PLAN_HANDLERS);
  await new Promise<void>((resolve, reject) => server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve())));
  return { close: () => server.forceShutdown() };
}

/** @param program the built Go peer. It ends with its input, also when this process is killed. */
export async function startGoServer(program: string, path: string): Promise<PlanServer> {
  const child: ChildProcess = spawn(program, ['serve', path], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once('line', () => resolve());
    child.once('error', reject).once('exit', (code) => reject(new Error(`The Go peer ended with ${code}.`)));
  });
  return { close: () => void child.stdin!.end() };
}
