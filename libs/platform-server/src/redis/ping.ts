import { connect } from 'node:net';

const timeoutMs = 2_000;

/** Whether something that speaks Redis answers on this port of 127.0.0.1. Never rejects. */
export function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const finish = (answers: boolean): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.once('data', (data) => finish(data.toString('latin1').startsWith('+PONG')));
    socket.write('PING\r\n');
  });
}
