import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.mjs';
import { startProgram } from './processes.mjs';

const method = '/plugin.PluginService/HandleEndpointRequest';

export const nginxIsMissing = spawnSync('nginx', ['-v']).status !== 0;

/**
 * nginx that passes on what is gRPC already: one process that keeps its connections, writes no log, and neither knows tokens nor makes a message of a
 * request. What the least costs that a proxy of HTTP/2 can do.
 */
export async function startNginx({ core, folder, socket }) {
  mkdirSync(join(folder, 'nginx'), { recursive: true });
  const port = await freePort();
  const file = join(folder, 'nginx', 'nginx.conf');
  writeFileSync(file, configuration(join(folder, 'nginx'), port, socket));
  const { pid, stop } = await startProgram('nginx', ['-p', join(folder, 'nginx'), '-c', file, '-e', 'stderr'], { core, speaks: false });
  return { pid, port, path: method, method: 'POST', headers: { 'content-type': 'application/grpc', te: 'trailers' }, stop };
}

function configuration(folder, port, socket) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
  return `
daemon off; master_process off; pid ${folder}/pid; error_log stderr error;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000; ${temporary}
  upstream plugin { server unix:${socket}; keepalive 64; keepalive_requests 1000000000; }
  server { listen 127.0.0.1:${port}; location / { grpc_pass grpc://plugin; grpc_set_header Host localhost; } }
}
`;
}
