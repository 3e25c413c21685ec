import type { startEngine } from '../engine';

type Engine = Awaited<ReturnType<typeof startEngine>>;
type Deployments = Engine['deployments'];

/**
 * Ends this process by `kill -9` when the provider has shifted the traffic to a weight and nothing has
 * recorded that yet.
 */
export function dyingAt(weight: number, engine: Engine): Engine {
  const setTraffic = async (
    ...request: Parameters<Deployments['setTraffic']>
  ) => {
    await engine.deployments.setTraffic(...request);
    if (request[2].weight === weight) process.kill(process.pid, 'SIGKILL');
  };
  const deployments = new Proxy(engine.deployments, {
    get: (target, key) => {
      if (key === 'setTraffic') return setTraffic;
      const value = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { ...engine, deployments };
}
