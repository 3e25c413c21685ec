import net from 'node:net';

/** The ports of the portal, each with the variable that moves it. */
export function ports(env = process.env) {
  return [
    {
      name: 'the pages',
      variable: 'SLIPWAY_APP_PORT',
      port: Number(env.SLIPWAY_APP_PORT ?? 3000),
    },
    {
      name: 'the backend',
      variable: 'SLIPWAY_BACKEND_PORT',
      port: Number(env.SLIPWAY_BACKEND_PORT ?? 7007),
    },
    {
      name: 'the model servers',
      variable: 'SLIPWAY_MODELS_PORT',
      port: Number(env.SLIPWAY_MODELS_PORT ?? 7010),
    },
  ];
}

/** Which of them are taken, each as a sentence with the setting that moves it. */
export async function takenPorts() {
  const taken = [];
  for (const { name, variable, port } of ports()) {
    if (!(await isFree(port))) {
      taken.push(
        `Port ${port}, for ${name}, is in use: end what uses it, or set ${variable} to another port, such as "${variable}=${
          port + 100
        } npm start".`,
      );
    }
  }
  return taken;
}

function isFree(port) {
  return new Promise(resolve => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
