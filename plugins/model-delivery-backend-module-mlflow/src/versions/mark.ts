/** The tags that say of a version who put it where, when, and by which deployment. */
export function markOf(
  request: { alias: string; by: string; deploymentId: string },
  now = new Date(),
) {
  const tag = (what: string, value: string) => ({
    key: `slipway.${request.alias}.${what}`,
    value,
  });
  return {
    by: tag('by', request.by),
    at: tag('at', now.toISOString()),
    /** Written last: a mark that was cut short is made again. */
    deployment: tag('deployment', request.deploymentId),
  };
}
