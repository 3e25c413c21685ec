const NAME = 'slipway';
const EVENTS = [
  ['REGISTERED_MODEL', 'CREATED'],
  ['MODEL_VERSION', 'CREATED'],
  ['MODEL_VERSION_TAG', 'SET'],
  ['MODEL_VERSION_TAG', 'DELETED'],
  ['MODEL_VERSION_ALIAS', 'CREATED'],
  ['MODEL_VERSION_ALIAS', 'DELETED'],
];

/** Lets MLflow tell the portal of every change that it tells of; a webhook of an earlier start goes. */
export async function createWebhook({ url, target, secret }) {
  const api = `${url}/api/2.0/mlflow/webhooks`;
  const { webhooks = [] } = await ask(api);
  for (const { webhook_id: id, name } of webhooks) {
    if (name === NAME) await ask(`${api}/${id}`, { method: 'DELETE' });
  }
  await ask(api, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      name: NAME,
      url: target,
      events: EVENTS.map(([entity, action]) => ({ entity, action })),
      secret,
    }),
  });
}

async function ask(address, init) {
  const response = await fetch(address, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${address}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : {};
}
