import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const module_ = pathToFileURL(join(__dirname, 'answer-length.mjs')).href;

/** The lengths of several texts, by the module as Node loads it; the message where it refuses one. */
function lengthsOf(...texts: string[]): (number | string)[] {
  const script = `
    const { answerLength } = await import(${JSON.stringify(module_)});
    const length = (text) => { try { return answerLength(text); } catch (error) { return error.message; } };
    console.log(JSON.stringify(JSON.parse(process.argv[1]).map(length)));
  `;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script, JSON.stringify(texts)], { encoding: 'utf8' })) as (number | string)[];
}

const HEAD = 'HTTP/1.1 200 OK\r\n';

it('finds the end of an answer by its content-length, and none where bytes are missing', () => {
  const answer = `${HEAD}Content-Length: 2\r\n\r\nOK`;
  expect(lengthsOf(answer, `${answer}HTTP`, answer.slice(0, -1), HEAD)).toEqual([answer.length, answer.length, 0, 0]);
});

it('finds the end of chunks, with and without trailers, and not in their content', () => {
  const plain = `${HEAD}Transfer-Encoding: chunked\r\n\r\n7\r\n0\r\n\r\nab\r\n0\r\n\r\n`;
  const trailers = `${plain.slice(0, -2)}grpc-status: 0\r\n\r\n`;
  expect(lengthsOf(plain, trailers, plain.slice(0, -2), trailers.slice(0, -1))).toEqual([plain.length, trailers.length, 0, 0]);
});

it('takes no answer for one that is not a 200', () => {
  expect(lengthsOf('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n')).toEqual([expect.stringMatching(/^Not 200/)]);
});
