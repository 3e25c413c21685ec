/** The ports of the real servers, each with the variable that moves it. */
export function stackPorts(env = process.env) {
  const port = (variable, usual) => Number(env[variable] ?? usual);
  return {
    mlflow: port('SLIPWAY_MLFLOW_PORT', 7021),
    prometheus: port('SLIPWAY_PROMETHEUS_PORT', 7022),
    alertmanager: port('SLIPWAY_ALERTMANAGER_PORT', 7023),
  };
}
