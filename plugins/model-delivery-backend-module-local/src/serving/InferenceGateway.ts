import type http from 'node:http';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { Exchange } from './Exchange';
import { Mirror } from './Mirror';
import type { Predictions } from './predictions';
import { type Answer, collect, pass, send } from './send';
import type { Split } from './Split';
import { otherWay, type Way, type Ways, wayOf } from './ways';

export interface InferenceRequest {
  message: http.IncomingMessage;
  response: http.ServerResponse;
  /** Looks again: a server can end, and another begin, while a request is under way. */
  ways: () => Ways;
  /** Called with the bodies of the request and of its answer, before the client has it. */
  onAnswer: (asked: Buffer, answer: Answer) => void;
}

/** A request as it is sent, with what is counted. */
interface Sending extends InferenceRequest {
  body: Buffer;
  split: Split | undefined;
  hungUp: AbortSignal;
}

/**
 * Sends inference requests to the live server or to a candidate, and counts them while a candidate rolls
 * out. A prediction changes nothing, so a request whose server ends before it has answered is sent to
 * another one, once; the failure counts for the server that ended.
 */
export class InferenceGateway {
  readonly #mirror = new Mirror();
  readonly #logger: LoggerService;

  constructor(logger: LoggerService) {
    this.#logger = logger;
  }

  /**
   * @param request - whose body is small enough to be kept.
   * @throws Error where no server answers.
   */
  async answer(request: InferenceRequest): Promise<void> {
    const { message, response } = request;
    const hangingUp = new AbortController();
    response.once('close', () => hangingUp.abort());
    const body = await collect(message);
    if (!body) return;
    const { live, split } = request.ways();
    const way = wayOf({ live, split }, message, body);
    if (!way) throw new Error('No server is ready.');
    const sending = { ...request, body, split, hungUp: hangingUp.signal };
    const copied = split?.mirror && way.side === 'live';
    const [found, shadowed] = await Promise.all([
      this.#send(sending, way),
      copied &&
        this.#mirror.send(split.candidate, message, body, split.counter),
    ]);
    if (found?.classes && shadowed && shadowed.classes) {
      split!.counter.compare(String(found.names) === String(shadowed.names));
    }
  }

  /** @returns what was predicted, where that can be read. */
  async #send(sending: Sending, way: Way): Promise<Predictions | undefined> {
    try {
      return await this.#exchange(sending, way);
    } catch (error) {
      const other = otherWay(way, sending.ways());
      if (sending.hungUp.aborted || !other) throw error;
      this.#logger.debug(
        `A request is sent again, to ${other.route.target}: ${error}`,
      );
      return await this.#exchange(sending, other);
    }
  }

  async #exchange(
    { message, response, body, split, hungUp, onAnswer }: Sending,
    { side, route }: Way,
  ): Promise<Predictions | undefined> {
    const exchange = split && new Exchange(side, split.counter);
    route.follow(response);
    let answer: Answer;
    try {
      answer = await send(route, message, body, hungUp);
    } catch (error) {
      // A client that hung up counts for nobody.
      if (!hungUp.aborted) exchange?.failed();
      throw error;
    }
    onAnswer(body, answer);
    pass(answer, response);
    return exchange?.answered(
      answer.head.statusCode!,
      answer.rest ? undefined : answer.body,
    );
  }
}
