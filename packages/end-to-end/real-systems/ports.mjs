/** Apart from the defaults and from the other browser tests. */
export const PORTS = {
  app: 14000,
  backend: 18007,
  models: 18010,
  mlflow: 18021,
  prometheus: 18022,
  alertmanager: 18023,
};
