import type { RequestHandler } from 'express';

const ALLOWED = ['GET', 'HEAD', 'POST', 'OPTIONS'];

/** Answers 405 to methods that no operation has, such as TRACE. */
export const refuseOtherMethods: RequestHandler = (req, res, next) => {
  if (ALLOWED.includes(req.method)) {
    next();
    return;
  }
  res
    .status(405)
    .setHeader('allow', ALLOWED.join(', '))
    .json({
      error: {
        name: 'MethodNotAllowed',
        message: `${req.method} is not allowed; use ${ALLOWED.join(', ')}`,
      },
      response: { statusCode: 405 },
    });
};
