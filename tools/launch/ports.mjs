/** The ports of a demo: the usual ones, those of the environment, or, for 0, any that is free. */
import { createServer } from 'node:net';

const listen = (port) =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const { port: chosen } = server.address();
      server.close(() => resolve(chosen));
    });
  });

export async function choosePort(variable, usual) {
  const wanted = Number(process.env[variable] || usual);
  try {
    return await listen(wanted);
  } catch (error) {
    throw new Error(`Port ${wanted} is taken (${error.code}). Set ${variable} to another one, or to 0 for any that is free.`);
  }
}
