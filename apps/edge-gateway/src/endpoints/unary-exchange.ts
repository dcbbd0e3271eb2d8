import type { EndpointResponse } from '@sluice/contracts/plugin';
import type { Call, CallOptions, PluginGeneration, UnaryObserver } from '@sluice/plugin-runtime';
import { toProblem, PROBLEM_TYPE } from '../http/problem';
import { sendWhole } from '../http/send-whole';
import { EndpointExchange, hasNoBody } from './endpoint-exchange';
import { endpointErrors } from './endpoint-errors';
import { toResponseHeaders } from './response-headers';
import { readEndpointResponse } from './wire/read-endpoint-response';

const METHOD = '/plugin.PluginService/HandleEndpointRequest';
const OPTIONS: CallOptions = { deadlineMs: 60_000 };
const DIGITS = /^\d{1,15}$/;

/** A request that is answered in one piece. */
export class UnaryExchange extends EndpointExchange implements UnaryObserver {
  onResponse(bytes: Uint8Array): void {
    this.callEnded('ok');
    if (this.ended) return;
    let response: EndpointResponse;
    try {
      response = readEndpointResponse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    } catch (cause) {
      return this.invalid('The answer is no EndpointResponse.', cause);
    }
    this.answer(response);
  }

  protected open(generation: PluginGeneration, bytes: Uint8Array): Call {
    return generation.channel.unary(METHOD, bytes, OPTIONS, this);
  }

  private answer(response: EndpointResponse): void {
    const { pluginId, errorMessage } = { pluginId: this.request.plugin.id, errorMessage: response.errorMessage };
    // Compiled plugins leave the status out where they mean 200, as net/http lets them.
    const status = response.statusCode === 0 && errorMessage === '' ? 200 : response.statusCode;
    if (response.statusCode === 0 && errorMessage !== '') return this.fail(new endpointErrors.pluginFailed({ pluginId, errorMessage }));
    if (status < 200 || status > 599) return this.invalid(`The status ${status} is not from 200 to 599.`);
    const result = toResponseHeaders(response.headers);
    if (!result.ok) return this.invalid(result.reason);
    const { headers } = result;
    const body = response.body.length === 0 && errorMessage !== '' && status >= 400 ? this.toProblemBody(status, errorMessage, headers) : response.body;
    this.addOwnHeaders(headers);
    this.send(status, headers, body, result.contentLength);
  }

  private send(status: number, headers: string[], body: Buffer, contentLength: string | undefined): void {
    const { res } = this.request;
    const empty = hasNoBody(status);
    if (!empty) {
      // The answer to HEAD tells the length that GET would have.
      const length = this.wantsNoBody && body.length === 0 && contentLength !== undefined && DIGITS.test(contentLength) ? contentLength : String(body.length);
      headers.push('Content-Length', length);
    }
    res.writeHead(status, headers);
    if (empty || this.wantsNoBody) res.end();
    else sendWhole(res, body);
    this.succeed(status);
  }

  /** A plugin that gives a status and a sentence and nothing else has its sentence shown. */
  private toProblemBody(status: number, errorMessage: string, headers: string[]): Buffer {
    if (!headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-type')) headers.push('Content-Type', PROBLEM_TYPE);
    const error = new endpointErrors.refusedByPlugin({}, { detail: errorMessage });
    return Buffer.from(JSON.stringify(toProblem(error, this.request.head.traceId, status)));
  }

  private invalid(reason: string, cause?: unknown): void {
    this.fail(new endpointErrors.answerInvalid({ pluginId: this.request.plugin.id, slug: this.request.plugin.slug, reason }, { cause }));
  }
}
